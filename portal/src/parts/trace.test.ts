import { pathOf, saidOf, type Step } from './trace'

const step = (at: string, rule: string, outcome: string, more: Partial<Step> = {}): Step => ({
  at: `2026-11-22T10:00:${at}Z`,
  rule,
  outcome,
  facts: {},
  rejected: [],
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

test('what was passed over comes along with its reason, what was weighed without what is empty', () => {
  const [node] = pathOf([
    step('00.000', 'number-plan', 'extension 300', {
      facts: { schema: 'main', by_hand: null, numbers: ['020', '030'] },
      rejected: ['plan Night: not active'],
    }),
  ])
  expect(node).toMatchObject({
    nature: 'decision',
    facts: [
      { name: 'schema', value: 'main' },
      { name: 'numbers', value: '020, 030' },
    ],
    rejected: ['plan Night: not active'],
  })
})

test('an outcome is known by its phrase; one that nobody foresaw is shown as it is', () => {
  expect(saidOf('nobody answered: busy')).toMatchObject({ key: 'nobody', cause: 'busy' })
  expect(saidOf('rings DEMOEC01, DEMOEC02')).toMatchObject({ key: 'rings', who: 'DEMOEC01, DEMOEC02' })
  expect(saidOf('rings 201 on DEMOEC01, +31612345678')).toMatchObject({ key: 'rings', who: '201 · DEMOEC01, +31612345678' })
  expect(saidOf('202 De Vries answered')).toMatchObject({ key: 'answered', who: '202 De Vries' })
  expect(saidOf('rings twice before answering').key).toBeNull()
  expect(saidOf('kept as welcome.wav')).toEqual({ key: null, plain: 'kept as welcome.wav' })
})

test('a rule that nobody foresaw is an act', () => {
  expect(pathOf([step('00.000', 'telepathy', 'heard')])[0]?.nature).toBe('act')
})
