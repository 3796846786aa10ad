import { Group, Text } from '@mantine/core'
import looks from './picture.module.css'

export interface Mark {
  look: string | undefined
  words: string
}

/** Which look stands for what. */
export function Legend({ marks }: { marks: Mark[] }) {
  return (
    <Group gap="md">
      {marks.map(({ look, words }) => (
        <Group key={words} gap={6} wrap="nowrap">
          <span className={`${looks.swatch} ${look}`} aria-hidden />
          <Text size="sm">{words}</Text>
        </Group>
      ))}
    </Group>
  )
}
