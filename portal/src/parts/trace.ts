// A call's trace as the steps of a path: pure, so that every page draws the same of the same trace.
import type { Schemas } from '../api/client'
import { withTelephones } from '../i18n/format'

export type Step = Schemas['StepOut']

/** What a step is like: decides its picture and its colour. */
export type Nature = 'decision' | 'ring' | 'talk' | 'sound' | 'ask' | 'queue' | 'refuse' | 'end' | 'fault' | 'act'

export interface TraceNode {
  /** Milliseconds since the call began. */
  offset: number
  rule: string
  nature: Nature
  /** The rule, and the step in a sentence: in the reader's language, by the exchange. */
  title: string
  words: string
  /** What was weighed, in the order of the exchange. */
  weighed: Step['weighed']
  /** What was passed over, each with why. */
  passedOver: string[]
}

const NATURES: Record<string, Nature> = {
  ring: 'ring',
  talk: 'talk',
  answer: 'talk',
  resume: 'talk',
  say: 'sound',
  play: 'sound',
  speak: 'sound',
  record: 'sound',
  voicemail: 'sound',
  ask: 'ask',
  menu: 'ask',
  pin: 'ask',
  queue: 'queue',
  'queue-offer': 'queue',
  refuse: 'refuse',
  end: 'end',
  'hang-up': 'end',
  fault: 'fault',
}

const DECIDED = new Set([
  'dialled',
  'called-number',
  'caller-id',
  'emergency-caller-id',
  'active-plan',
  'number-plan',
  'personal-number',
  'forward',
  'reachable',
  'location',
  'time',
])

/** The steps in the order of time; those of one instant stay as they were noted. `began`: ISO 8601, else the first. */
export function pathOf(trace: readonly Step[], began?: string): TraceNode[] {
  const timed = trace.map((step, index) => ({ step, index, at: Date.parse(step.at) }))
  timed.sort((one, other) => one.at - other.at || one.index - other.index)
  const start = began === undefined ? (timed[0]?.at ?? 0) : Date.parse(began)
  return timed.map(({ step, at }) => ({
    offset: Math.max(0, at - start),
    rule: step.rule,
    nature: natureOf(step),
    title: step.title,
    words: withTelephones(withoutTitle(step.words, step.title)),
    weighed: step.weighed.map(({ name, value }) => ({ name, value: withTelephones(value) })),
    passedOver: step.passed_over.map(withTelephones),
  }))
}

/** `Keuzemenu 700 Receptie: …` below the title `Keuzemenu` is `700 Receptie: …`. */
function withoutTitle(words: string, title: string): string {
  if (!words.toLowerCase().startsWith(title.toLowerCase())) return words
  const rest = /^:? (.+)$/s.exec(words.slice(title.length))?.[1]
  return rest === undefined ? words : rest.charAt(0).toUpperCase() + rest.slice(1)
}

function natureOf({ rule }: Step): Nature {
  return NATURES[rule] ?? (DECIDED.has(rule) ? 'decision' : 'act')
}

/** `201 on DEMOEC01`, `+31612345678 by carrier` without a word of any language; who has no phone yet, alone. `nameOf`:
 * what a number is called. */
export function legName(leg: string, nameOf: (number: string) => string): string {
  const [, number = leg, way = ''] = /^(\S+)(?: (?:on|by) (.+))?$/.exec(leg.replace(/ on the phone of .*/, '')) ?? []
  return [nameOf(number), way].filter(Boolean).join(' · ')
}
