import { Card, Group, Loader, Text } from '@mantine/core'
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { withTelephones } from '../i18n/format'
import { confirm } from '../parts/confirm'
import { tellDone } from '../parts/problems'
import { TracePath } from '../parts/TracePath'
import { useChange } from '../parts/useChange'
import { useNameOf } from '../parts/useNameOf'
import { useRefresh } from '../plans/data'
import { RowActions } from '../parts/RowActions'
import { callWords, type Expectation, outcomeWords, type Verdict } from './expectations'

interface Props {
  account: number
  expectation: Expectation
  /** Undefined while the call is being tried. */
  verdict: Verdict | undefined
  mayChange: boolean
  onEdit: () => void
}

/** One expectation: the call in words, and whether it comes to that now. */
export function ExpectationCard({ account, expectation, verdict, mayChange, onEdit }: Props) {
  const { t } = useTranslation()
  const refresh = useRefresh(account)
  const nameOf = useNameOf(account)
  const remove = useChange({
    run: (_: null) =>
      got(
        api.DELETE('/api/v1/accounts/{account}/expectations/{expectation}', {
          params: { path: { account, expectation: expectation.id } },
        }),
      ),
    onDone: () => {
      refresh()
      tellDone(t('told.deleted'))
    },
  })
  return (
    <Card withBorder padding="md" component="section" aria-label={expectation.name}>
      <Group align="flex-start" wrap="nowrap" gap="sm">
        {verdict === undefined ? (
          <Loader size={24} aria-label={t('expectations.trying')} />
        ) : verdict.holds ? (
          <IconCircleCheck role="img" aria-label={t('expectations.holds')} color="var(--mantine-color-green-8)" />
        ) : (
          <IconCircleX role="img" aria-label={t('expectations.broken')} color="var(--mantine-color-red-7)" />
        )}
        <div style={{ flex: 1, minWidth: 0 }}>
          <Group justify="space-between" align="flex-start" wrap="nowrap">
            <Text fw={600}>{expectation.name}</Text>
            {mayChange && (
              <RowActions
                what={expectation.name}
                onEdit={onEdit}
                onRemove={() =>
                  confirm(t, {
                    title: t('told.deleteWhat', { what: expectation.name }),
                    text: t('expectations.deleteSure'),
                    does: t('actions.delete'),
                    onYes: () => remove.start(null),
                  })
                }
              />
            )}
          </Group>
          <Text size="sm">
            {callWords(expectation, nameOf, t)}
            {' → '}
            <strong>{outcomeWords(expectation, nameOf, t)}</strong>
          </Text>
          {verdict && !verdict.holds && (
            <Text size="sm" c="light-dark(var(--mantine-color-red-9), var(--mantine-color-red-3))">
              {t('expectations.found', { what: withTelephones(verdict.found) })}
            </Text>
          )}
          {verdict && verdict.trace.length > 0 && (
            <details>
              <Text component="summary" size="sm">
                {t('expectations.path')}
              </Text>
              <TracePath trace={verdict.trace} began={verdict.at ?? undefined} />
            </details>
          )}
        </div>
      </Group>
    </Card>
  )
}
