import { Button, Skeleton, Stack, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { useAccountId } from '../accounts/account'
import { api, got, gotVersion } from '../api/client'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import { telephone } from '../i18n/format'
import '../i18n/parts/numbers'
import { confirm } from '../parts/confirm'
import { PageHead } from '../parts/PageHead'
import { tell, tellDone } from '../parts/problems'
import { ChangeThing } from '../things/ChangeThing'
import { Uses } from '../things/Uses'

/** One telephone number: what it is for, and where it is used (ACC-6). */
export function NumberPage() {
  const { t } = useTranslation()
  const go = useNavigate()
  const queries = useQueryClient()
  const person = usePerson()
  const account = useAccountId()
  const e164 = useParams().e164 ?? ''
  const path = { account, e164 }
  const sells = isAtLeast(person, 'partner')
  const uses = useQuery({
    queryKey: ['uses', account, 'number', e164],
    queryFn: async () =>
      (await got(api.GET('/api/v1/accounts/{account}/numbers/{e164}/uses', { params: { path, query: { limit: 500 } } }))).items,
  })
  const remove = useMutation({
    mutationFn: () => got(api.DELETE('/api/v1/accounts/{account}/numbers/{e164}', { params: { path } })),
    onSuccess: () => {
      tellDone(t('told.deleted'))
      void queries.invalidateQueries({ queryKey: ['numbers', account] })
      void go(`/accounts/${account}/numbers`)
    },
    onError: (problem) => tell(problem, t),
  })
  return (
    <Stack>
      <PageHead title={telephone(e164)} above={{ title: t('nav.numbers'), to: `/accounts/${account}/numbers` }} />
      <ChangeThing
        key={e164}
        form="number"
        account={account}
        queryKey={['number', account, e164]}
        lists={[
          ['numbers', account],
          ['uses', account],
        ]}
        fields={['use', 'user', 'status']}
        readOnly={sells ? [] : ['status']}
        read={() => gotVersion(api.GET('/api/v1/accounts/{account}/numbers/{e164}', { params: { path } }))}
        write={(body, etag, despite) =>
          gotVersion(
            api.PATCH('/api/v1/accounts/{account}/numbers/{e164}', {
              params: { path, header: { 'if-match': etag }, query: { despite_expectations: despite } },
              body: body as never,
            }),
          )
        }
      >
        {sells && (
          <Button
            variant="light"
            color="red"
            loading={remove.isPending}
            onClick={() =>
              confirm(t, {
                title: t('told.deleteWhat', { what: e164 }),
                text: t('numbers.deleteText'),
                does: t('actions.delete'),
                onYes: () => remove.mutate(),
              })
            }
          >
            {t('actions.delete')}
          </Button>
        )}
      </ChangeThing>
      <Title order={2} size="h3">
        {t('things.uses')}
      </Title>
      {uses.data === undefined ? <Skeleton h={40} /> : <Uses account={account} uses={uses.data} />}
    </Stack>
  )
}
