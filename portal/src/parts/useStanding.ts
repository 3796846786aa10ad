import { useAway } from '../api/connection'
import { Unreachable } from '../api/sending'

/** What went wrong, for as long as it is so: that the exchange does not answer is not, once it answers again. */
export function useStanding<Problem>(problem: Problem): Problem | null {
  const away = useAway()
  return problem instanceof Unreachable && !away ? null : problem
}
