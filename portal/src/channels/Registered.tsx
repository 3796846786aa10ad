import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import '../i18n/parts/channels'

/** Is a phone there? By colour and by word. */
export function Registered({ is }: { is: boolean | null }) {
  const { t } = useTranslation()
  const word = is === null ? 'unknown' : is ? 'there' : 'away'
  const color = is === null ? 'gray' : is ? 'teal' : 'red'
  return (
    <Badge variant="dot" color={color} tt="none" fw={500}>
      {t(`channels.${word}`)}
    </Badge>
  )
}
