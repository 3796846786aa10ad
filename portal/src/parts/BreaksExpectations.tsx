import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'
import { withTelephones } from '../i18n/format'
import '../i18n/parts/breaks'
import { Dialog } from './Dialog'
import type { Step } from './trace'
import { TracePath } from './TracePath'

interface Props {
  broken: Schemas['Broken'][]
  busy: boolean
  onCancel: () => void
  onAnyway: () => void
}

/** The exchange did not make a change, because a saved expectation would not hold any more: which, and why (NP-10). */
export function BreaksExpectations({ broken, busy, onCancel, onAnyway }: Props) {
  const { t } = useTranslation()
  return (
    <Dialog opened onClose={onCancel} title={t('breaks.title')} size="lg">
      <Stack>
        <Text>{t('breaks.text')}</Text>
        {broken.map((one) => (
          <Paper key={one.id} withBorder p="md">
            <Text fw={600}>{one.name}</Text>
            <Text size="sm">{t('breaks.expected', { what: one.expected })}</Text>
            <Text size="sm" mb="sm">
              {t('breaks.found', { what: withTelephones(one.found) })}
            </Text>
            <details>
              <summary>{t('breaks.trace')}</summary>
              <TracePath trace={one.trace as unknown as Step[]} />
            </details>
          </Paper>
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel} data-autofocus>
            {t('breaks.leave')}
          </Button>
          <Button color="red" onClick={onAnyway} loading={busy}>
            {t('breaks.anyway')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
