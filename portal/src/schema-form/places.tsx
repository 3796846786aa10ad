// Time zones and countries: lists of hundreds, in which one searches.
import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import '../i18n/parts/things'
import { useMinute } from '../week/useMinute'
import { type Choice, countries, timeZone, timeZones, zoneHere } from './zones'

interface Props {
  label: string
  description?: string
  error?: string
  required: boolean
  optional: boolean
  value: string | null
  onChange: (value: string | null) => void
}

/** Every zone with what its clock is off now; those that somebody most likely means stand first: the customer's own, and
 * that of whoever looks. */
export function ZoneField({ account, ...props }: Props & { account: number }) {
  const { t } = useTranslation()
  const now = useMinute()
  const customer = useQuery({
    queryKey: ['account', account],
    queryFn: () => got(api.GET('/api/v1/accounts/{account}', { params: { path: { account } } })),
    enabled: account > 0,
  }).data
  const hour = Math.floor(now.getTime() / 3_600_000) // clocks are put forward and back on the hour
  const all = useMemo(() => timeZones(new Date(hour * 3_600_000)), [hour])
  const likely = [...new Set([customer?.timezone, zoneHere(), props.value].filter((it): it is string => !!it))]
  return (
    <Choose
      {...props}
      data={[
        { group: t('things.likelyZones'), items: likely.map((it) => timeZone(it, now)) },
        { group: t('things.allZones'), items: all.filter((it) => !likely.includes(it.value)) },
      ]}
    />
  )
}

export function CountryField(props: Props) {
  const data = useMemo(() => countries(), [])
  return <Choose {...props} data={data} />
}

interface Chosen extends Props {
  data: (Choice | { group: string; items: Choice[] })[]
}

function Choose({ data, optional, ...props }: Chosen) {
  const { t } = useTranslation()
  return (
    <Select
      {...props}
      data={data as never}
      searchable
      limit={600}
      nothingFoundMessage={t('app.nothingFound')}
      clearable={optional}
      allowDeselect={optional}
      maw={480}
    />
  )
}
