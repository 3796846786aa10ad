import { Button, Group, Radio, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Json, JsonObject } from '../schema-form/schema'
import { Dialog } from './Dialog'
import { merge, withValue } from './merge'

export interface MergeWords {
  /** What the field at `path` is called. */
  name?: (path: string[]) => string
  /** How a value of it reads. */
  shown?: (value: Json, path: string[]) => string
}

interface Props extends MergeWords {
  base: JsonObject
  mine: JsonObject
  theirs: JsonObject
  onCancel: () => void
  onMerged: (merged: JsonObject) => void
}

/** Somebody else saved meanwhile: shows where both changed the same, and puts the rest together by itself. */
export function Merge({ base, mine, theirs, onCancel, onMerged, name, shown = plain }: Props) {
  const { t } = useTranslation()
  const merged = merge(base, mine, theirs)
  const read = (value: Json, path: string[]) => (value === null || value === '' ? t('told.empty') : shown(value, path))
  const [chosen, setChosen] = useState<Record<string, 'mine' | 'theirs'>>({})

  function done() {
    onMerged(
      merged.clashes.reduce(
        (value, clash) => withValue(value, clash.path, chosen[clash.path.join('/')] === 'theirs' ? clash.theirs : clash.mine),
        merged.value,
      ),
    )
  }

  return (
    <Dialog opened onClose={onCancel} title={t('told.changedMeanwhile')} size="lg">
      <Stack>
        <Text>{t('told.changedMeanwhileText')}</Text>
        {merged.taken.length > 0 && (
          <Text size="sm">
            {t('told.taken', { fields: merged.taken.map((path) => (name ? name(path) : path.join(' › '))).join(', ') })}
          </Text>
        )}
        {merged.clashes.map((clash) => {
          const key = clash.path.join('/')
          return (
            <Radio.Group
              key={key}
              label={name ? name(clash.path) : clash.path.join(' › ')}
              value={chosen[key] ?? 'mine'}
              onChange={(choice) => setChosen({ ...chosen, [key]: choice as 'mine' | 'theirs' })}
            >
              <Radio value="mine" label={t('told.mine', { value: read(clash.mine, clash.path) })} />
              <Radio value="theirs" mt={4} label={t('told.theirs', { value: read(clash.theirs, clash.path) })} />
            </Radio.Group>
          )
        })}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {t('actions.cancel')}
          </Button>
          <Button onClick={done}>{t('told.takeOver')}</Button>
        </Group>
      </Stack>
    </Dialog>
  )
}

function plain(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
