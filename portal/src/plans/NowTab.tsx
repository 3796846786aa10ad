import { SimpleGrid, Stack } from '@mantine/core'
import { ActiveWhy } from './ActiveWhy'
import type { TabProps } from './data'
import { Override } from './Override'
import { PlanList } from './PlanList'
import { Standing } from './Standing'

/** What counts now and why, the choices that change it, and the plans. */
export function NowTab(props: TabProps) {
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <ActiveWhy {...props} />
        {props.mayChange && (
          <Stack>
            <Override {...props} />
            <Standing {...props} />
          </Stack>
        )}
      </SimpleGrid>
      <PlanList {...props} />
    </Stack>
  )
}
