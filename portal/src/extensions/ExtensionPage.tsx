import { Alert, Anchor, Breadcrumbs, Button, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { useAccountId } from '../accounts/account'
import { api, got, gotVersion, type Versioned } from '../api/client'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import { sentence } from '../i18n/format'
import { Heading } from '../parts/Heading'
import { confirm } from '../parts/confirm'
import { inWords, tell, tellDone } from '../parts/problems'
import { leaveFreely } from '../parts/Unsaved'
import { ExtensionForm } from './ExtensionForm'
import { draftName } from './extensionForm'
import { type Extension, type Kind, useKinds } from './extensions'
import { useKindTitle } from './kinds'
import { Surroundings } from './Surroundings'

/** One extension, whatever its kind. */
export function ExtensionPage() {
  const { t } = useTranslation()
  const account = useAccountId()
  const { number } = useParams()
  const [query] = useSearchParams()
  const person = usePerson()
  const kinds = useKinds().data
  const isNew = number === 'new'
  const stored = useQuery({
    queryKey: ['extension', account, number],
    queryFn: () =>
      gotVersion(
        api.GET('/api/v1/accounts/{account}/extensions/{number}', { params: { path: { account, number: number ?? '' } } }),
      ),
    enabled: !isNew,
    refetchOnWindowFocus: false, // nothing changes under somebody's hands
    staleTime: Infinity,
    gcTime: 0, // but whoever comes back sees it as it is
  })
  const gone = stored.error && <Alert color="red">{inWords(stored.error, t)}</Alert>
  if (gone && stored.data === undefined) return gone
  const name = isNew ? query.get('kind') : stored.data?.value.kind
  const kind = kinds?.find((it) => it.name === name)
  if (kind === undefined) return <Skeleton h={300} />
  return (
    <Stack gap="xl">
      {gone /* somebody else deleted it: what was typed stays to be read */}
      <Head key={`${number} ${kind.name}`} account={account} kind={kind} stored={isNew ? null : (stored.data ?? null)} />
      {number !== undefined && !isNew && isAtLeast(person, 'account') && (
        <Surroundings account={account} number={number} kind={kind.name} />
      )}
    </Stack>
  )
}

function Head({ account, kind, stored }: { account: number; kind: Kind; stored: Versioned<Extension> | null }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const queries = useQueryClient()
  const titleOf = useKindTitle()
  const list = `/accounts/${account}/extensions`
  const mayChange = isAtLeast(usePerson(), 'account')
  const called = stored === null ? t('extensions.new') : `${stored.value.number} ${stored.value.name}`
  const remove = useMutation({
    mutationFn: () =>
      got(
        api.DELETE('/api/v1/accounts/{account}/extensions/{number}', {
          params: { path: { account, number: stored?.value.number ?? '' } },
        }),
      ),
    onSuccess: () => {
      tellDone(t('told.deleted'))
      void queries.invalidateQueries({ queryKey: ['extensions', account] })
      leaveFreely(() => void go(list))
    },
    onError: (problem) => tell(problem, t),
  })

  function askToDelete() {
    confirm(t, {
      title: t('told.deleteWhat', { what: called }),
      text: t('told.deleteSure'),
      does: t('actions.delete'),
      onYes: () => remove.mutate(),
    })
  }

  return (
    <Stack>
      <Breadcrumbs>
        <Anchor component={Link} to={list}>
          {t('extensions.title')}
        </Anchor>
        <Text>{titleOf(kind.name)}</Text>
      </Breadcrumbs>
      <Heading>{called}</Heading>
      {stored !== null && <Text c="dimmed">{sentence(stored.value.summary)}</Text>}
      <ExtensionForm
        account={account}
        kind={kind}
        stored={stored}
        keptAs={draftName(account, kind, stored)}
        mayChange={mayChange}
        onSaved={(saved) => {
          if (stored === null) leaveFreely(() => void go(`${list}/${saved.value.number}`, { replace: true }))
        }}
      >
        {mayChange && stored !== null && (
          <Button variant="light" color="red" onClick={askToDelete} loading={remove.isPending}>
            {t('actions.delete')}
          </Button>
        )}
      </ExtensionForm>
    </Stack>
  )
}
