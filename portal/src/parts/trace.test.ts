import { telephone } from '../i18n/format'
import { legName, pathOf, type Step } from './trace'

const step = (at: string, rule: string, outcome: string, more: Partial<Step> = {}): Step => ({
  at: `2026-11-22T10:00:${at}Z`,
  rule,
  outcome,
  facts: {},
  rejected: [],
  title: 'Nummerplan',
  words: 'Het nummer leidt naar extensie 300.',
  weighed: [],
  passed_over: [],
  ...more,
})

test('steps stand in the order of time, with how long after the start each was', () => {
  const path = pathOf([step('02.500', 'talk', 'connected with 201'), step('00.000', 'dialled', 'extension 201')])
  expect(path.map((it) => [it.rule, it.offset])).toEqual([
    ['dialled', 0],
    ['talk', 2500],
  ])
})

test('steps of one instant stay as they were noted', () => {
  const path = pathOf([step('00.000', 'number-plan', 'extension 300'), step('00.000', 'group', 'Verkoop')])
  expect(path.map((it) => it.rule)).toEqual(['number-plan', 'group'])
})

test('the start of the call counts when it is known', () => {
  expect(pathOf([step('03.000', 'ring', 'rings DEMOEC01')], '2026-11-22T10:00:01Z')[0]?.offset).toBe(2000)
})

test('a step is told in the words of the exchange, in the language that it was asked in', () => {
  const weighed = [{ name: 'nummerplan', value: 'Dag' }]
  const [node] = pathOf([
    step('00.000', 'number-plan', 'extension 300', { weighed, passed_over: ['nummerplan Nacht: niet actief'] }),
  ])
  expect(node).toMatchObject({
    nature: 'decision',
    title: 'Nummerplan',
    words: 'Het nummer leidt naar extensie 300.',
    weighed,
    passedOver: ['nummerplan Nacht: niet actief'],
  })
})

test('who was rung stands without a word of any language', () => {
  const nameOf = (number: string) => (number === '201' ? '201 Anna' : telephone(number))
  expect(legName('201 on DEMOEC01', nameOf)).toBe('201 Anna · DEMOEC01')
  expect(legName('203 on the phone of 203', nameOf)).toBe('203')
  expect(legName('201 on the phone of 201', nameOf)).toBe('201 Anna')
  expect(legName('+31612345678 by carrier', nameOf)).toBe('+31\u00a06\u00a01234\u00a05678 · carrier')
})

test('a rule that nobody foresaw is an act', () => {
  expect(pathOf([step('00.000', 'telepathy', 'heard')])[0]?.nature).toBe('act')
})
