import { Anchor, Breadcrumbs, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { Heading } from './Heading'
import looks from './PageHead.module.css'

interface Props {
  title: string
  /** The page above, when there is one. */
  above?: { title: string; to: string }
  /** One line about what one sees. */
  about?: string
  /** Buttons of the whole page. */
  children?: ReactNode
}

/** The top of a page: where one is, and what can be done with all of it. */
export function PageHead({ title, above, about, children }: Props) {
  return (
    <Stack gap={4}>
      {above && (
        <Breadcrumbs className={looks.path}>
          <Anchor component={Link} to={above.to} size="sm">
            {above.title}
          </Anchor>
          <Text size="sm">{title}</Text>
        </Breadcrumbs>
      )}
      <Group justify="space-between" gap="xs">
        <Heading>{title}</Heading>
        {children && <Group gap="xs">{children}</Group>}
      </Group>
      {about && (
        <Text c="dimmed" maw={720} mt={4}>
          {about}
        </Text>
      )}
    </Stack>
  )
}
