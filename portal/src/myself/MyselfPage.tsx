import { Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { usePerson } from '../app/Session'
import '../i18n/parts/myself'
import { PageHead } from '../parts/PageHead'
import { Browsers } from './Browsers'
import { OwnPassword } from './OwnPassword'
import { SecondFactor } from './SecondFactor'

/** One's own sign-in. */
export function MyselfPage() {
  const { t } = useTranslation()
  const person = usePerson()
  return (
    <Stack gap="xl">
      <div>
        <PageHead title={t('app.myself')} />
        <Text c="dimmed">
          {person.name}, {person.email}
        </Text>
      </div>
      {person.password && <OwnPassword />}
      <SecondFactor />
      <Browsers />
    </Stack>
  )
}
