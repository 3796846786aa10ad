// Saved expectations: what a call must come to (NP-10).
import { useQuery } from '@tanstack/react-query'
import { api, got, type Schemas } from '../api/client'
import { everyItem } from '../api/pages'
import { language, type TFunction } from '../i18n/words'
import { type Weekday, WEEKDAYS } from '../week/week'
import { dayName, wallWords } from '../week/when'

export type Expectation = Schemas['ExpectationOut']
export type ExpectationIn = Schemas['ExpectationIn']
export type Verdict = Schemas['VerdictOut']

/** What a call can come to, by the field of `ExpectedOutcome`. */
export const OUTCOMES = ['reaches', 'rings', 'hears', 'leaves_message_in', 'goes_outside_to', 'is_told'] as const
export type OutcomeKind = (typeof OUTCOMES)[number]
export const TOLD: Schemas['Told'][] = ['busy', 'no_answer', 'unreachable', 'not_in_use']
export const PEOPLE: Schemas['People'][] = ['answer', 'no_answer', 'busy']

export function useExpectations(account: number) {
  return useQuery({
    queryKey: ['plans', account, 'expectations'],
    queryFn: () =>
      everyItem((after) =>
        got(
          api.GET('/api/v1/accounts/{account}/expectations', {
            params: { path: { account }, query: { limit: 200, ...(after ? { after } : {}) } },
          }),
        ),
      ),
  })
}

/** Tries every call: which expectations hold now? */
export function useVerdicts(account: number) {
  return useQuery({
    queryKey: ['plans', account, 'verdicts'],
    queryFn: () => got(api.POST('/api/v1/accounts/{account}/expectations/check', { params: { path: { account } }, body: {} })),
  })
}

/** Which one of its fields the outcome has, and what. */
export function outcomeOf(outcome: ExpectationIn['outcome']): { kind: OutcomeKind; value: string | string[] } {
  const kind = OUTCOMES.find((it) => outcome[it] != null) ?? 'reaches'
  return { kind, value: outcome[kind] ?? (kind === 'rings' ? [] : '') }
}

type NameOf = (number: string) => string

/** The call that is tried: “Monday 10:00, +31612345678 calls 300 Sales, entering 1”. */
export function callWords({ at, caller, called, choices, people }: ExpectationIn, nameOf: NameOf, t: TFunction): string {
  return [
    t('expectations.call', { at: atWords(at, language()), caller: nameOf(caller), called: nameOf(called) }),
    choices?.length ? t('expectations.entering', { choices: choices.join(', ') }) : '',
    people === undefined || people === 'answer' ? '' : t(`expectations.peopleDo.${people}`),
  ]
    .filter(Boolean)
    .join(', ')
}

/** What it must come to: “reaches 201 Jansen”. */
export function outcomeWords({ outcome }: ExpectationIn, nameOf: NameOf, t: TFunction): string {
  const { kind, value } = outcomeOf(outcome)
  const what = kind === 'is_told' ? t(`expectations.told.${String(value)}`) : [value].flat().map(nameOf).join(', ')
  return `${t(`expectations.outcomes.${kind}`)} ${what}`
}

/** An outcome with exactly that field, the others taken away: a merge patch keeps what is not named. */
export function outcomeWith(kind: OutcomeKind, value: string | string[]): ExpectationIn['outcome'] {
  return { ...Object.fromEntries(OUTCOMES.map((it) => [it, null])), [kind]: value } as ExpectationIn['outcome']
}

/** `monday 10:00`, or a date and time. */
export function readAt(at: string): { day: Weekday | null; time: string; date: string } {
  const [first = '', time = '10:00'] = at.split(' ')
  const day = WEEKDAYS.find((it) => it === first) ?? null
  return { day, time, date: day === null ? at.replace(' ', 'T') : '' }
}

export function atWords(at: string, language: string): string {
  const { day, time } = readAt(at)
  return day === null ? wallWords(at, language) : `${dayName(day, language)} ${time}`
}
