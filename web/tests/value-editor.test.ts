import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { Json } from '@/api/types'
import { blankLike, faults, kindOf, linesOf, valueAt } from '@/desk/rules'
import { i18n } from '@/i18n'
import ValueEditor from '@/pages/desk/rules/ValueEditor.vue'

/** As the court gives it for filing_papers. */
const papers = { type: 'array', maxItems: 30, items: { type: 'object', required: ['name', 'basis'], properties: {
  name: { type: 'string', minLength: 2, maxLength: 60 }, basis: { type: 'string', minLength: 2, maxLength: 200 },
  kinds: { type: 'array', items: { enum: ['civil', 'enforcement'] } }, causes: { type: 'array', items: { type: 'string', minLength: 2 } },
} } }

describe('a rule that is a list of papers', () => {
  it('begins empty: no paper, no name, nothing chosen', () => {
    expect(kindOf(papers, null)).toBe('list')
    expect(blankLike(undefined, papers.items)).toEqual({ name: '', basis: '', kinds: [], causes: [] })
    expect(kindOf(papers.items.properties.causes, [])).toBe('words')
  })
  it('says where something is missing', () => {
    const value = [{ name: '流水', basis: '清单', kinds: [], causes: ['借'] }, { name: '', basis: '清单', kinds: [], causes: [] }]
    expect(faults(papers, value)).toEqual([{ at: '/0/causes/0', code: 'short', limit: 2 }, { at: '/1/name', code: 'short', limit: 2 }])
    expect(valueAt(value, '/0/causes/0')).toBe('借')
  })
  it('takes words one a line', () => expect(linesOf(' 民间借贷纠纷\n\n金融借款合同纠纷、二 \n')).toEqual(['民间借贷纠纷', '金融借款合同纠纷、二']))
  it('shows an empty text as empty, and gives back what is typed', async () => {
    let value: Json = [{ name: '', basis: '', kinds: [], causes: [] }]
    const box = mount(ValueEditor, { props: { modelValue: value, schema: papers, name: 'filing_papers', label: '材料', 'onUpdate:modelValue': (v: Json) => (value = v) }, global: { plugins: [i18n] } })
    const name = box.find('input.input')
    expect((name.element as HTMLInputElement).value).toBe('')
    await name.setValue('转账流水')
    expect(value).toEqual([{ name: '转账流水', basis: '', kinds: [], causes: [] }])
    box.unmount()
  })
})
