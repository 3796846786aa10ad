/** The exchange's words for what chose a plan (NP-3), by what they are called in `plans.reasons`. */
export const REASONS: Record<string, string> = {
  'manual override': 'override',
  'temporary override': 'temporary',
  holiday: 'holiday',
  'weekly schedule': 'week',
  'standing plan': 'standing',
  nothing: 'nothing',
}
