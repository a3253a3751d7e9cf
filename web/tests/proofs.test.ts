import { describe, expect, it } from 'vitest'
import type { Filing, Proof } from '@/api/types'
import { compare, copiesFor, sameNumber } from '@/desk/proofs'

const file = (id: string) => ({ id, name: `${id}.jpg`, size: 1, media_type: 'image/jpeg', sha256: '', sm3: '', role: 'paper', round: 0 })
const filing = {
  content: {
    parties: [{ id: 'p1', side: 'plaintiff', kind: 'natural', name: '孙丽', id_type: 'resident_id', id_number: '370199********2048' }, { id: 'p2', side: 'defendant', kind: 'legal', name: '某公司', uscc: '91370102MA3K7Q2C45' }],
    representatives: [{ id: 'r1', party_ids: ['p1'], kind: 'lawyer', name: '李建国', unit: '山东泉城律师事务所', licence: '13701201310099053' }],
    papers: [
      { id: 'k1', kind: 'power_of_attorney', party_id: 'r1', file_ids: ['f1'] }, { id: 'k2', kind: 'id_copy', party_id: 'p2', file_ids: ['f2'] }, { id: 'k3', kind: 'id_copy', party_id: 'p1', file_ids: ['f3', 'f4', 'gone'] },
      { id: 'k4', kind: 'lawyer_licence', party_id: 'r1', file_ids: ['f5'] }, { id: 'k5', kind: 'other', party_id: 'p1', file_ids: ['f6'] },
    ],
  },
  files: ['f1', 'f2', 'f3', 'f4', 'f5', 'f6'].map(file),
} as unknown as Filing
const proof = (kind: Proof['kind'], holder: string, number_masked: string, firm?: string) => ({ kind, holder, number_masked, firm }) as Proof

describe('a claim beside the papers of a filing', () => {
  it('lays the holder\'s own document first, then others of its kind, then the rest; never what proves nobody', () => {
    expect(copiesFor(filing, proof('resident_id', '孙丽', '')).map((c) => [c.file.id, c.fits])).toEqual([['f3', true], ['f4', true], ['f2', true], ['f1', false], ['f5', false]])
    expect(copiesFor(filing, proof('lawyer_licence', '李建国', '')).map((c) => c.file.id)[0]).toBe('f5')
    expect(copiesFor(filing, proof('organisation', '某公司', '')).some((c) => c.fits)).toBe(false)
  })
  it.each([
    ['370199********2048', '370199199009192048', true],
    ['370199********2048', '370199********2049', false],
    ['E12**5678', 'E1234567', false],
    ['91370102ma3k7q2c45', '91370102MA3K7Q2C45', true],
    ['', '', false],
  ])('%s and %s: %s', (a, b, same) => expect(sameNumber(a, b)).toBe(same))
  it('says what agrees, what does not, and what the filing leaves open', () => {
    const said = (p: Proof) => compare(filing, p).map((r) => [r.what, r.same])
    expect(said(proof('resident_id', '孙丽', '370199********2048'))).toEqual([['holder', true], ['number', true]])
    expect(said(proof('resident_id', '孙利', '370199********2048'))).toEqual([['holder', false], ['number', true]])
    // another document than the one in the filing: nothing to compare its number with
    expect(said(proof('passport', '孙丽', 'E12**5678'))).toEqual([['holder', true], ['number', null]])
    expect(said(proof('organisation', '某公司', '91370102MA3K7Q2C45'))).toEqual([['holder', true], ['number', true]])
    expect(said(proof('lawyer_licence', '李建国', '13701201310099053', '别的律所'))).toEqual([['holder', true], ['number', true], ['firm', false]])
    expect(compare(undefined, proof('resident_id', '孙丽', '370199********2048')).every((r) => r.same === null)).toBe(true)
  })
})
