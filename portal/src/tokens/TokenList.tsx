import { Alert, Button, Modal, Stack, Table, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { api, got } from '../api/client'
import { everyItem } from '../api/pages'
import { dateTime } from '../i18n/format'
import '../i18n/parts/tokens'
import { confirm } from '../parts/confirm'
import { ListExport, ListHead, useList } from '../parts/list'
import { PageHead } from '../parts/PageHead'
import { tell, tellDone } from '../parts/problems'
import { NewThing } from '../things/NewThing'
import { Copied } from '../things/Secret'

/** Keys for programs: of one customer, or of the platform. */
export function TokenList() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { account: id } = useParams()
  const account = id === undefined ? null : Number(id)
  const [made, setMade] = useState<string | 'making' | null>(null)
  const again = () => void queries.invalidateQueries({ queryKey: ['tokens'] })
  const tokens = useQuery({
    queryKey: ['tokens'],
    queryFn: () =>
      everyItem((after) => got(api.GET('/api/v1/tokens', { params: { query: { limit: 500, ...(after ? { after } : {}) } } }))),
  })
  const revoke = useMutation({
    mutationFn: (token: number) => got(api.DELETE('/api/v1/tokens/{id}', { params: { path: { id: token } } })),
    onSuccess: () => {
      tellDone(t('tokens.revoked'))
      again()
    },
    onError: (problem) => tell(problem, t),
  })
  const rows = (tokens.data ?? []).filter((it) => (it.account ?? null) === account)
  const list = useList(rows, [
    { title: t('tokens.name'), of: (it) => it.name },
    { title: t('tokens.may'), of: (it) => [...it.scopes].sort().join(', ') },
    { title: t('tokens.created'), of: (it) => it.created },
    { title: t('tokens.used'), of: (it) => it.last_used },
  ])
  return (
    <Stack>
      <PageHead title={t('nav.tokens')} about={account === null ? t('tokens.aboutOurs') : t('tokens.about')}>
        <ListExport list={list} name="tokens" />
        <Button onClick={() => setMade('making')}>{t('tokens.new')}</Button>
      </PageHead>
      {tokens.isSuccess && rows.length === 0 ? (
        <Text c="dimmed">{t('tokens.none')}</Text>
      ) : (
        <Table.ScrollContainer minWidth={560}>
          <Table highlightOnHover>
            <ListHead list={list} more={<Table.Td />} />
            <Table.Tbody>
              {list.rows.map((it) => (
                <Table.Tr key={it.id}>
                  <Table.Td>{it.name}</Table.Td>
                  <Table.Td>
                    {[...it.scopes]
                      .sort()
                      .map((scope) => t(`tokens.${scope}`))
                      .join(', ')}
                  </Table.Td>
                  <Table.Td>{dateTime(it.created)}</Table.Td>
                  <Table.Td>{it.last_used ? dateTime(it.last_used) : t('tokens.never')}</Table.Td>
                  <Table.Td ta="right">
                    <Button
                      size="xs"
                      variant="light"
                      color="red"
                      aria-label={`${t('tokens.revoke')}: ${it.name}`}
                      onClick={() =>
                        confirm(t, {
                          title: `${t('tokens.revoke')}: ${it.name}`,
                          text: t('tokens.revokeText'),
                          does: t('tokens.revoke'),
                          onYes: () => revoke.mutate(it.id),
                        })
                      }
                    >
                      {t('tokens.revoke')}
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Modal opened={made !== null} onClose={() => setMade(null)} title={t('tokens.new')} size="lg">
        {made === 'making' && (
          <NewThing
            form="token"
            account={account ?? 0}
            begin={account === null ? {} : { account }}
            fields={['name', 'scopes']}
            make={(body) => got(api.POST('/api/v1/tokens', { body: body as never }))}
            onMade={(token) => {
              again()
              setMade(token.token)
            }}
          />
        )}
        {made !== null && made !== 'making' && (
          <Stack>
            <Alert variant="default" role="status">
              {t('tokens.once')}
            </Alert>
            <Copied label={t('tokens.text')} value={made} />
          </Stack>
        )}
      </Modal>
    </Stack>
  )
}
