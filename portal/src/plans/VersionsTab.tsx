import { Badge, Button, Group, Paper, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { everyItem } from '../api/pages'
import { language } from '../i18n/words'
import { confirm } from '../parts/confirm'
import { tellDone } from '../parts/problems'
import { useChange } from '../parts/useChange'
import { RUNNING } from '../week/colours'
import { type TabProps, useRefresh } from './data'
import { DifferenceTable } from './DifferenceTable'
import { momentWords } from '../week/when'

/** Earlier versions: who changed what when, how that differs from now, and the way back (NP-10). */
export function VersionsTab({ account, schema: { value: schema }, zone, mayChange }: TabProps) {
  const { t } = useTranslation()
  const refresh = useRefresh(account)
  const [open, setOpen] = useState<number | null>(null)
  const versions = useQuery({
    queryKey: ['plans', account, 'versions', schema.number],
    queryFn: () =>
      everyItem((after) =>
        got(
          api.GET('/api/v1/accounts/{account}/schemas/{schema}/versions', {
            params: { path: { account, schema: schema.number }, query: { limit: 200, ...(after ? { after } : {}) } },
          }),
        ),
      ),
  })
  const restore = useChange({
    run: (version: number, despite_expectations) =>
      got(
        api.POST('/api/v1/accounts/{account}/schemas/{schema}/versions/{version}/restore', {
          params: { path: { account, schema: schema.number, version }, query: { despite_expectations } },
        }),
      ),
    onDone: () => {
      setOpen(null)
      refresh()
      tellDone(t('told.saved'))
    },
  })
  if (versions.data === undefined) return <Skeleton h={200} />
  if (versions.data.length === 0) return <Text c="dimmed">{t('plans.versions.none')}</Text>
  return (
    <Stack>
      <Text c="dimmed">{t('plans.versions.about')}</Text>
      {versions.data.map((version, index) => (
        <Paper key={version.version} withBorder p="sm" component="section" aria-label={title(version.version)}>
          <Group justify="space-between">
            <div>
              <Text fw={600} component="div">
                {title(version.version)}{' '}
                {index === 0 && (
                  <Badge variant="filled" color={RUNNING}>
                    {t('plans.versions.present')}
                  </Badge>
                )}
              </Text>
              <Text size="sm">
                {momentWords(version.at, zone, language())} · {version.actor || t('plans.versions.before')}
                {version.restored !== null && ` · ${t('plans.versions.restored', { version: version.restored })}`}
              </Text>
            </div>
            {index > 0 && (
              <Group gap="xs">
                <Button
                  variant="default"
                  size="sm"
                  aria-expanded={open === version.version}
                  onClick={() => setOpen(open === version.version ? null : version.version)}
                >
                  {t('plans.versions.compare')}
                </Button>
                {mayChange && (
                  <Button
                    variant="light"
                    size="sm"
                    loading={restore.busy}
                    onClick={() =>
                      confirm(t, {
                        title: t('plans.versions.restoreWhat', { version: version.version }),
                        text: t('plans.versions.restoreSure'),
                        does: t('plans.versions.restore'),
                        onYes: () => restore.start(version.version),
                      })
                    }
                  >
                    {t('plans.versions.restore')}
                  </Button>
                )}
              </Group>
            )}
          </Group>
          {open === version.version && <DifferenceTable account={account} schema={schema} version={version.version} />}
        </Paper>
      ))}
      {restore.dialog}
    </Stack>
  )

  function title(version: number): string {
    return t('plans.versions.one', { version })
  }
}
