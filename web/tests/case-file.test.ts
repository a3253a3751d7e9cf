import { describe, expect, it } from 'vitest'
import type { Act, Folder, FolderName } from '@/api/types'
import { foldersOf, forCourt, leafTitles, titleOf, volumes } from '@/desk/case/leaves'

const folder = (volume: 'main' | 'secret', n: number, leaves = 1) => ({ volume, n, name: `${volume} ${n}`, leaves: Array.from({ length: leaves }, () => ({})) }) as Folder

describe('the electronic file on the desk', () => {
  const all = [folder('main', 4), folder('main', 5, 0), folder('secret', 2)]
  it('keeps the volumes apart and leaves out empty folders', () => {
    expect(volumes(all, true)).toEqual({ main: [all[0]], secret: [all[2]] })
  })
  it('shows the secret volume to nobody without the right, whatever the answer holds', () => {
    expect(volumes(all, false).secret).toEqual([])
  })
  it('offers the folders of the chosen volume only, each with its number', () => {
    const names = [{ volume: 'main', n: 4, title: '起诉状' }, { volume: 'secret', n: 2, title: '合议庭评议笔录' }] as FolderName[]
    expect(foldersOf(names, 'secret')).toEqual([{ value: '2', label: '2 合议庭评议笔录' }])
  })
})

describe('titles of what is added', () => {
  it('come from the file names when none is given', () => {
    expect(titleOf('合议笔录 2026.11.20.docx')).toBe('合议笔录 2026.11.20')
    expect(leafTitles('  ', ['a.pdf', 'b.jpg'])).toEqual(['a', 'b'])
  })
  it('are numbered when one title serves several files', () => {
    expect(leafTitles('庭前笔录', ['a.pdf'])).toEqual(['庭前笔录'])
    expect(leafTitles('庭前笔录', ['a.pdf', 'b.pdf'])).toEqual(['庭前笔录（1）', '庭前笔录（2）'])
  })
})

describe('the course of the case', () => {
  it('keeps what has legal effect and leaves out what is said to the party', () => {
    const acts = [{ effect: '您有权申请回避。', effect_en: 'You may ask for another judge.' }, { effect: '审理期限自次日起算。', effect_en: 'The time for trial runs from the next day.' }] as Act[]
    expect(forCourt(acts).map((a) => a.effect)).toEqual([undefined, '审理期限自次日起算。'])
  })
})
