import { ActionIcon, Tooltip } from '@mantine/core'
import { IconPlayerPlay, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import '../i18n/parts/player'

interface Props {
  address: string
  /** What is heard, for those who do not see where the button stands. */
  name: string
  onPlay?: () => void
}

/** A button that becomes a player; only one plays at a time. */
export function Player({ address, name, onPlay }: Props) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  const label = shown ? t('player.hide') : t('player.playWhat', { name })
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 4, maxWidth: '100%' }}>
      <Tooltip label={label}>
        <ActionIcon variant="light" size="lg" onClick={() => setShown(!shown)} aria-label={label} aria-expanded={shown}>
          {shown ? <IconX size={18} /> : <IconPlayerPlay size={18} />}
        </ActionIcon>
      </Tooltip>
      {shown && (
        <audio
          src={address}
          controls
          autoPlay
          aria-label={name}
          style={{ height: 34, width: 240, maxWidth: '60vw' }}
          onPlay={(event) => {
            for (const other of document.querySelectorAll('audio')) if (other !== event.currentTarget) other.pause()
            onPlay?.()
          }}
        />
      )}
    </span>
  )
}
