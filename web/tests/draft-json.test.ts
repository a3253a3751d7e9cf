import { describe, expect, it } from 'vitest'
import { applyPatch, diff, merge3, prune, reconcile, setAt, type JsonObject } from '@/filing/model/json'

describe('merge patch', () => {
  const from: JsonObject = { a: 1, b: { c: 'x', d: true }, rows: [{ id: '1' }] }
  const to: JsonObject = { b: { c: 'y' }, rows: [{ id: '1' }, { id: '2' }], e: 'new' }
  it('says only what changed', () => {
    expect(diff(from, to)).toEqual({ a: null, b: { c: 'y', d: null }, rows: [{ id: '1' }, { id: '2' }], e: 'new' })
    expect(diff(from, from)).toEqual({})
  })
  it('leads from one to the other', () => {
    expect(applyPatch(from, diff(from, to))).toEqual(to)
    // an object that takes the place of a text
    expect(applyPatch({ x: 'text' }, diff({ x: 'text' }, { x: { y: 1 } }))).toEqual({ x: { y: 1 } })
  })
  it('treats an emptied field as a missing one', () => {
    expect(prune({ a: '', b: null, c: { d: '' }, e: false, f: 0 })).toEqual({ c: {}, e: false, f: 0 })
  })
})

describe('two windows', () => {
  const base = { facts: 'old', service: { phone: '1', receiver: '甲' }, parties: [{ id: 'p1', name: '甲' }, { id: 'p2', name: '乙' }] }
  it('keeps fields that only one of them touched', () => {
    const mine = { ...base, service: { phone: '2', receiver: '甲' } }
    const theirs = { ...base, service: { phone: '1', receiver: '丙' } }
    expect(merge3(base, mine, theirs)).toEqual({ ...base, service: { phone: '2', receiver: '丙' } })
  })
  it('lets the person at this screen win the same field', () => {
    expect(merge3({ facts: 'a' }, { facts: 'b' }, { facts: 'c' })).toEqual({ facts: 'b' })
  })
  it('merges rows by their id: both additions stay, both removals hold', () => {
    const mine = { parties: [{ id: 'p1', name: '甲一' }, { id: 'p2', name: '乙' }, { id: 'm', name: '新' }] }
    const theirs: JsonObject = { parties: [{ id: 'p1', name: '甲', phone: '9' }, { id: 't', name: '别' }] }
    expect(merge3({ parties: base.parties }, mine, theirs)).toEqual({
      parties: [{ id: 'p1', name: '甲一', phone: '9' }, { id: 'm', name: '新' }, { id: 't', name: '别' }],
    })
  })
  it('keeps a row changed here though removed there', () => {
    expect(merge3([{ id: '1', a: 1 }], [{ id: '1', a: 2 }], [])).toEqual([{ id: '1', a: 2 }])
  })
  it('joins lists of ids', () => {
    expect(merge3(['a', 'b'], ['b', 'c'], ['a', 'b', 'd'])).toEqual(['b', 'c', 'd'])
  })
})

describe('in place', () => {
  it('keeps the objects that fields on the screen are bound to', () => {
    const row = { id: '1', name: 'a' }
    const target: JsonObject = { rows: [row, { id: '2' }], gone: 1 }
    reconcile(target, { rows: [{ id: '1', name: 'b' }], more: { x: 1 } })
    expect(target).toEqual({ rows: [{ id: '1', name: 'b' }], more: { x: 1 } })
    expect((target.rows as unknown[])[0]).toBe(row)
  })
  it('makes the way to a new member, with arrays where a number follows', () => {
    const root: JsonObject = {}
    setAt(root, ['facts', 'F6', 0, 'amount'], 5)
    expect(root).toEqual({ facts: { F6: [{ amount: 5 }] } })
    setAt(root, ['facts', 'F6', 0, 'amount'], undefined)
    expect(root).toEqual({ facts: { F6: [{}] } })
  })
})
