// A call's trace as the steps of a path: pure, so that every page draws the same of the same trace.
import type { Schemas } from '../api/client'

export type Step = Schemas['StepOut']

/** What a step is like: decides its picture and its colour. */
export type Nature = 'decision' | 'ring' | 'talk' | 'sound' | 'ask' | 'queue' | 'refuse' | 'end' | 'fault' | 'act'

/** Words with what stands in them; `plain` when we have no translation for what the exchange noted. */
export interface Said {
  key: string | null
  who?: string
  cause?: string
  plain: string
}

export interface TraceNode {
  /** Milliseconds since the call began. */
  offset: number
  rule: string
  nature: Nature
  said: Said
  /** What was weighed, in the order of the exchange. */
  facts: { name: string; value: string }[]
  /** What was passed over, each with why. */
  rejected: string[]
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
    said: saidOf(step.outcome),
    facts: Object.entries(step.facts ?? {})
      .filter(([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0))
      .map(([name, value]) => ({ name: name.replaceAll('_', ' '), value: shown(value) })),
    rejected: step.rejected ?? [],
  }))
}

function natureOf({ rule }: Step): Nature {
  return NATURES[rule] ?? (DECIDED.has(rule) ? 'decision' : 'act')
}

const PHRASES: [RegExp, string][] = [
  [/^rings nobody$/, 'ringsNobody'],
  [/^rings (?<who>(\S+ on )?[^\s,]+(, (\S+ on )?[^\s,]+)*)$/, 'rings'],
  [/^nobody answered: (?<cause>[a-z_]+)$/, 'nobody'],
  [/^(?<who>\S+|[0-9]{2,5} .+) answered$/, 'answered'],
  [/^connected with (?<who>.+)$/, 'connected'],
  [/^the caller hung up$/, 'callerHungUp'],
  [/^the exchange answered the caller$/, 'exchangeAnswered'],
  [/^an administrator ended the call$/, 'adminEnded'],
  [/^(?<who>\S+|[0-9]{2,5} .+) hung up$/, 'hungUp'],
  [/^extension (?<who>[0-9]+)$/, 'extension'],
  [/^outside (?<who>\+[0-9]+)$/, 'outside'],
  [/^nobody is available$/, 'nobodyAvailable'],
  [/^not in use$/, 'notInUse'],
  [/^unknown extension$/, 'unknownExtension'],
  [/^no number$/, 'noNumber'],
  [/^log on first$/, 'logOnFirst'],
  [/^none$/, 'none'],
  [/^withheld or unknown$/, 'withheld'],
  [/^(?<who>(\S+ on )?\S+): (?<cause>[a-z_]+)$/, 'way'],
]

/** The outcome by its phrase, so that it can be said in another language. */
export function saidOf(outcome: string): Said {
  for (const [pattern, key] of PHRASES) {
    const found = pattern.exec(outcome)
    if (found === null) continue
    const { who, cause } = found.groups ?? {}
    return { key, ...(who ? { who: legName(who) } : {}), ...(cause ? { cause } : {}), plain: outcome }
  }
  return { key: null, plain: outcome }
}

/** `201 on DEMOEC01` without a word of any language. */
export const legName = (leg: string): string => leg.replaceAll(' on ', ' · ')

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(', ')
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, inner]) => `${name} ${shown(inner)}`)
      .join(', ')
  return String(value)
}
