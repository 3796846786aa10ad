import { Loader, Group, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Sound, useSounds } from '../sounds/sounds'

/** Milliseconds between two looks for a new recording. */
const PAUSE = 2_000

/** Says how to record a sound by telephone, and hands over the one that is recorded from now on. */
export function Recording({ account, onMade }: { account: number; onMade: (sound: Sound) => void }) {
  const { t } = useTranslation()
  const sounds = useSounds(account, PAUSE)
  const [known] = useState(() => new Set((sounds.data ?? []).map((it) => it.file)))
  const made = sounds.data?.find((it) => it.origin === 'recording' && !known.has(it.file))
  useEffect(() => {
    if (made) onMade(made)
  }, [made, onMade])
  return (
    <Group gap="xs" wrap="nowrap" role="status">
      <Loader size="xs" />
      <Text size="sm">
        {t('form.howToRecord')} {t('form.recording')}
      </Text>
    </Group>
  )
}
