// @vitest-environment happy-dom

import { healthOf, isUnderWay, namesIn } from './webhooks'

test('a webhook that is paused is so, whatever happened before', () => {
  expect(healthOf({ active: true, failing_since: null })).toBe('works')
  expect(healthOf({ active: true, failing_since: '2026-11-22T05:00:00Z' })).toBe('failing')
  expect(healthOf({ active: false, failing_since: '2026-11-22T05:00:00Z' })).toBe('paused')
})

test('what events are called stands in the form, also behind a reference', () => {
  const form = {
    properties: { events: { type: 'array', items: { $ref: '#/$defs/EventType' } } },
    $defs: { EventType: { enum: ['call.ended'], 'x-words': { 'call.ended': 'A call ends' } } },
  }
  expect(namesIn(form)).toEqual({ 'call.ended': 'A call ends' })
  expect(namesIn(undefined)).toEqual({})
})

test('while something is under way the log is looked at again', () => {
  expect(isUnderWay([{ state: 'delivered' }, { state: 'waiting' }])).toBe(true)
  expect(isUnderWay([{ state: 'delivered' }, { state: 'held' }, { state: 'given_up' }])).toBe(false)
})
