import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../parts/Dialog'

interface Props {
  title: string
  name?: string
  problem?: string
  busy: boolean
  /** What else there is to choose. */
  children?: ReactNode
  onClose: () => void
  onName: (name: string) => void
}

/** Asks for a name. */
export function NameDialog({ title, name: before = '', problem, busy, children, onClose, onName }: Props) {
  const { t } = useTranslation()
  const [name, setName] = useState(before)
  return (
    <Dialog opened onClose={onClose} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onName(name)
        }}
      >
        <Stack>
          <TextInput
            label={t('plans.name')}
            required
            data-autofocus
            error={problem}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {children}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('actions.cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('actions.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
