import { Center, Paper } from '@mantine/core'
import type { ReactNode } from 'react'
import { Heading } from './Heading'

interface Props {
  title: string
  /** Within a page that has its menu around it. */
  inside?: boolean
  children: ReactNode
}

/** A page with one small thing in its middle. */
export function Centred({ title, inside = false, children }: Props) {
  return (
    <Center component={inside ? 'div' : 'main'} mih={inside ? '50vh' : '100vh'} p="md">
      <Paper withBorder shadow="sm" p="xl" w={380} maw="100%">
        <Heading size="h3" mb="md">
          {title}
        </Heading>
        {children}
      </Paper>
    </Center>
  )
}
