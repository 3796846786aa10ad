import { Button, Stack, Table, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { dateTime } from '../i18n/format'
import { tell, tellDone } from '../parts/problems'
import { browserOf } from './browser'

/** Where one is signed in. */
export function Browsers() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const list = useQuery({
    queryKey: ['browsers'],
    queryFn: async () => (await got(api.GET('/api/v1/session/browsers'))).items,
  })
  const signOut = useMutation({
    mutationFn: (browser: string) => got(api.DELETE('/api/v1/session/browsers/{browser}', { params: { path: { browser } } })),
    onSuccess: () => {
      tellDone(t('myself.signedOut'))
      void queries.invalidateQueries({ queryKey: ['browsers'] })
    },
    onError: (problem) => tell(problem, t),
  })
  return (
    <Stack>
      <Title order={2} size="h3">
        {t('myself.browsers')}
      </Title>
      <Text size="sm">{t('myself.browsersText')}</Text>
      <Table.ScrollContainer minWidth={520}>
        <Table maw={820}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('myself.browser')}</Table.Th>
              <Table.Th>{t('myself.address')}</Table.Th>
              <Table.Th>{t('myself.lastUsed')}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {(list.data ?? []).map((it) => (
              <Table.Tr key={it.id}>
                <Table.Td>{browserOf(it.program) ?? t('myself.otherProgram')}</Table.Td>
                <Table.Td>{it.address}</Table.Td>
                <Table.Td>{dateTime(it.last_used)}</Table.Td>
                <Table.Td ta="right">
                  <Button
                    size="xs"
                    variant="default"
                    onClick={() => signOut.mutate(it.id)}
                    aria-label={`${t('app.signOut')}: ${browserOf(it.program) ?? t('myself.otherProgram')}, ${it.address}`}
                  >
                    {t('app.signOut')}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  )
}
