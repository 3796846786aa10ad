import { Table } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  label: string
  /** Pixels; on a narrower screen it scrolls sideways, by keyboard too. */
  minWidth: number
  children: ReactNode
}

/** A table that keeps its shape where there is no room for it. */
export function WideTable({ label, minWidth, children }: Props) {
  return (
    <Table.ScrollContainer type="native" minWidth={minWidth} tabIndex={0} role="region" aria-label={label}>
      {children}
    </Table.ScrollContainer>
  )
}
