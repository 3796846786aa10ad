import { Center, Paper, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** A page with one small thing in its middle. */
export function Centred({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder shadow="sm" p="xl" w={380} maw="100%">
        <Title order={1} size="h3" mb="md">
          {title}
        </Title>
        {children}
      </Paper>
    </Center>
  )
}
