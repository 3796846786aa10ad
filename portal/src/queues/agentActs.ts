import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, got, type Schemas } from '../api/client'
import { everyItem } from '../api/pages'
import '../i18n/parts/queues'
import { tell, tellDone } from '../parts/problems'

export type Member = Schemas['QueueMember']

/** The members of a queue, by rank. */
export function useMembers(account: number, queue: string) {
  return useQuery({
    queryKey: ['queue members', account, queue],
    queryFn: () =>
      everyItem((after) =>
        got(
          api.GET('/api/v1/accounts/{account}/queues/{queue}/members', {
            params: { path: { account, queue }, query: { limit: 500, ...(after ? { after } : {}) } },
          }),
        ),
      ),
    refetchInterval: 10_000,
  })
}

/** What a supervisor does with an agent of a queue (QUE-16, QUE-21). */
export function useAgentActs(account: number, queue: string, member: Member) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const path = { params: { path: { account, queue, agent: member.agent } } }
  const settle = {
    onError: (problem: Error) => tell(problem, t),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ['queue members', account, queue] })
      void queries.invalidateQueries({ queryKey: ['queue now', account, queue] })
    },
  }
  const name = `${member.agent} ${member.name}`
  const logOn = useMutation({
    mutationFn: () => got(api.PUT('/api/v1/accounts/{account}/queues/{queue}/members/{agent}', path)),
    onSuccess: () => tellDone(t('queues.loggedOn', { name })),
    ...settle,
  })
  const logOff = useMutation({
    mutationFn: () => got(api.DELETE('/api/v1/accounts/{account}/queues/{queue}/members/{agent}', path)),
    onSuccess: () => tellDone(t('queues.loggedOff', { name })),
    ...settle,
  })
  const endWrapUp = useMutation({
    mutationFn: () => got(api.DELETE('/api/v1/accounts/{account}/queues/{queue}/members/{agent}/wrap-up', path)),
    ...settle,
  })
  return { name, logOn, logOff, endWrapUp }
}
