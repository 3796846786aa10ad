import { Skeleton, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { language } from '../i18n/words'
import { useNameOf } from '../parts/useNameOf'
import { planName, type PlanSchema } from './data'
import { fieldWords, type Reader, valueWords } from './differences'
import looks from './DifferenceTable.module.css'

/** What a version had, and what stands there now. */
export function DifferenceTable({ account, schema, version }: { account: number; schema: PlanSchema; version: number }) {
  const { t } = useTranslation()
  const nameOf = useNameOf(account)
  const differences = useQuery({
    queryKey: ['plans', account, 'differences', schema.number, version],
    queryFn: () =>
      got(
        api.GET('/api/v1/accounts/{account}/schemas/{schema}/versions/{version}', {
          params: { path: { account, schema: schema.number, version } },
        }),
      ),
  }).data
  if (differences === undefined) return <Skeleton h={60} mt="sm" />
  if (differences.length === 0) return <Text mt="sm">{t('plans.versions.same')}</Text>
  const reader: Reader = {
    language: language(),
    t: (key, values) => t(key, values ?? {}),
    planName: (number) => planName(schema.plans, number),
    extensionName: nameOf,
  }
  return (
    <Table.ScrollContainer minWidth={480} mt="sm" type="native" tabIndex={0}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('plans.versions.what')}</Table.Th>
            <Table.Th>{t('plans.versions.then', { version })}</Table.Th>
            <Table.Th>{t('plans.versions.now')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {differences.map(({ name, before, after }) => (
            <Table.Tr key={name}>
              <Table.Td>{fieldWords(name, reader)}</Table.Td>
              <Table.Td>{before === null ? '—' : <span className={looks.was}>{valueWords(name, before, reader)}</span>}</Table.Td>
              <Table.Td>{after === null ? '—' : <span className={looks.is}>{valueWords(name, after, reader)}</span>}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
