import { Alert, Card, SimpleGrid, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, Navigate } from 'react-router'
import { ACCOUNT_PAGES, isFor } from '../app/pages'
import { usePerson } from '../app/Session'
import { Heading } from '../parts/Heading'
import { inWords } from '../parts/problems'
import { useAccount, useAccountId } from './account'
import { FirstSteps } from './FirstSteps'

/** The first page of a customer. */
export function Overview() {
  const { t } = useTranslation()
  const id = useAccountId()
  const person = usePerson()
  const account = useAccount(id)
  if (person.role === 'end_user') return <Navigate to="/me" replace />
  if (account.error) return <Alert color="red">{inWords(account.error, t)}</Alert>
  return (
    <Stack>
      <Heading>{account.data?.name ?? '…'}</Heading>
      <FirstSteps account={id} />
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
        {ACCOUNT_PAGES.filter((page) => page.path !== '' && isFor(page, person)).map(({ path, title, icon: Icon }) => (
          <Card key={path} component={Link} to={`/accounts/${id}/${path}`} withBorder padding="lg">
            <Icon size={28} aria-hidden />
            <Text fw={600} mt="xs">
              {t(`nav.${title}`)}
            </Text>
          </Card>
        ))}
      </SimpleGrid>
    </Stack>
  )
}
