import { Button, Select, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../parts/Dialog'
import { ExtensionForm } from './ExtensionForm'
import { type Extension, useKinds } from './extensions'
import { useKindTitle } from './kinds'

interface Props {
  account: number
  /** Which kinds will do; all, if not named. */
  kinds?: string[]
  onClose: () => void
  onMade: (made: Extension) => void
}

/** Makes an extension in the midst of something else that needs it. */
export function NewExtensionDialog({ account, kinds, onClose, onMade }: Props) {
  const { t } = useTranslation()
  const titleOf = useKindTitle()
  const known = (useKinds().data ?? []).filter((it) => kinds === undefined || kinds.includes(it.name))
  const [name, setName] = useState<string | null>(null)
  const kind = known.length === 1 ? known[0] : known.find((it) => it.name === name)
  return (
    <Dialog opened onClose={onClose} title={t('extensions.new')} size="xl" closeOnClickOutside={false}>
      <Stack>
        {known.length !== 1 && (
          <Select
            label={t('extensions.choose')}
            data={known.map((it) => ({ value: it.name, label: titleOf(it.name) }))}
            value={name}
            onChange={setName}
            searchable
            data-autofocus
            maw={320}
          />
        )}
        {kind && (
          <ExtensionForm
            key={kind.name}
            account={account}
            kind={kind}
            stored={null}
            keptAs={null}
            mayChange
            onSaved={(saved) => onMade(saved.value)}
          >
            <Button variant="default" onClick={onClose}>
              {t('actions.cancel')}
            </Button>
          </ExtensionForm>
        )}
      </Stack>
    </Dialog>
  )
}
