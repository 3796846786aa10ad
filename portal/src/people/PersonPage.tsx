import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { api, got, gotVersion } from '../api/client'
import { usePerson } from '../app/Session'
import { dateTime } from '../i18n/format'
import '../i18n/parts/people'
import { confirm } from '../parts/confirm'
import { PageHead } from '../parts/PageHead'
import { tell, tellDone } from '../parts/problems'
import { ChangeThing } from '../things/ChangeThing'
import { TheLink } from './Invite'

/** One web user: role, rights, and getting them in or out. */
export function PersonPage() {
  const { t } = useTranslation()
  const go = useNavigate()
  const queries = useQueryClient()
  const me = usePerson()
  const { account, id: text } = useParams()
  const id = Number(text)
  const path = { id }
  const list = account === undefined ? '/people' : `/accounts/${account}/people`
  const [link, setLink] = useState<string | null>(null)
  const queryKey = ['person', id]
  const read = () => gotVersion(api.GET('/api/v1/web-users/{id}', { params: { path } }))
  const stored = useQuery({ queryKey, queryFn: read, staleTime: Infinity, refetchOnWindowFocus: false }).data?.value

  const act = useMutation({
    mutationFn: (what: () => Promise<unknown>) => what(),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['people'] }),
    onError: (problem) => tell(problem, t),
  })
  const invite = () =>
    act.mutate(async () => setLink((await got(api.POST('/api/v1/web-users/{id}/invitation', { params: { path } }))).link))
  const signOut = () =>
    act.mutate(async () => {
      await got(api.DELETE('/api/v1/web-users/{id}/sessions', { params: { path } }))
      tellDone(t('people.signedOut'))
    })
  const resetFactor = () =>
    act.mutate(async () => {
      await got(api.DELETE('/api/v1/web-users/{id}/second-factor', { params: { path } }))
      await queries.invalidateQueries({ queryKey })
      tellDone(t('people.factorReset'))
    })
  const remove = () =>
    act.mutate(async () => {
      await got(api.DELETE('/api/v1/web-users/{id}', { params: { path } }))
      tellDone(t('told.deleted'))
      void go(list)
    })

  return (
    <Stack>
      <PageHead title={stored?.name ?? '…'} above={{ title: t('nav.people'), to: list }} />
      {stored && (
        <Text c="dimmed">
          {stored.last_seen ? t('people.lastSeen', { when: dateTime(stored.last_seen) }) : t('people.neverSeen')}{' '}
          {stored.second_factor ? t('people.withFactor') : t('people.withoutFactor')}
        </Text>
      )}
      <ChangeThing
        key={id}
        form="web_user"
        account={Number(account ?? 0)}
        queryKey={queryKey}
        lists={[['people']]}
        fields={['name', 'email', 'language', 'role', ...(account === undefined ? [] : ['extension', 'rights']), 'disabled']}
        readOnly={id === me.id ? ['role'] : []}
        read={read}
        write={(body, etag) =>
          gotVersion(api.PATCH('/api/v1/web-users/{id}', { params: { path, header: { 'if-match': etag } }, body: body as never }))
        }
      />
      <Group>
        <Button variant="default" onClick={invite}>
          {t('people.again')}
        </Button>
        <Button variant="default" onClick={signOut}>
          {t('people.signOut')}
        </Button>
        {id !== me.id && stored?.second_factor && (
          <Button
            variant="default"
            onClick={() =>
              confirm(t, {
                title: t('people.resetFactorWhat', { what: stored.name }),
                text: t('people.resetFactorText'),
                does: t('people.resetFactorDoes'),
                onYes: resetFactor,
              })
            }
          >
            {t('people.resetFactor')}
          </Button>
        )}
        {id !== me.id && (
          <Button
            variant="light"
            color="red"
            onClick={() =>
              confirm(t, {
                title: t('told.deleteWhat', { what: stored?.name ?? '' }),
                text: t('people.deleteText'),
                does: t('actions.delete'),
                onYes: remove,
              })
            }
          >
            {t('actions.delete')}
          </Button>
        )}
      </Group>
      <Modal opened={link !== null} onClose={() => setLink(null)} title={stored?.name} size="lg">
        {link !== null && <TheLink link={link} />}
      </Modal>
    </Stack>
  )
}
