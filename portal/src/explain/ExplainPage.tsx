import { Alert, Button, Card, Group, SimpleGrid, Stack, Switch, TagsInput, Text, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useAccountId } from '../accounts/account'
import { api, got, Refused } from '../api/client'
import { PartyInput } from '../expectations/PartyInput'
import '../i18n/parts/calls'
import '../i18n/parts/expectations'
import { inWords } from '../parts/problems'
import { useStanding } from '../parts/useStanding'
import { TracePath } from '../parts/TracePath'
import { useNameOf } from '../parts/useNameOf'
import { useZone } from '../plans/data'
import { PlansHead } from '../plans/PlansHead'
import { instantOf, wallAt } from '../week/when'

/** Where would this call go, and why? Nothing rings: it is tried on a simulated switch (NP-10, OPS-2). */
export function ExplainPage() {
  const { t } = useTranslation()
  const account = useAccountId()
  const zone = useZone(account)
  const nameOf = useNameOf(account)
  const [it, setIt] = useState({ caller: '', called: '', at: '', nobody: false, everybody: true })
  const [choices, setChoices] = useState<string[]>([])
  const change = (part: Partial<typeof it>) => setIt({ ...it, ...part })
  const explain = useMutation({
    mutationFn: () =>
      got(
        api.POST('/api/v1/accounts/{account}/explain', {
          params: { path: { account } },
          body: {
            caller: it.caller,
            called: it.called,
            at: it.at ? instantOf(it.at, zone) : null,
            choices,
            nobody_answers: it.nobody,
            everybody_there: it.everybody,
          } as never, // what is left out has defaults, which the types do not know
        }),
      ),
  })
  const failed = useStanding(explain.error)
  const problems = failed instanceof Refused ? failed.fields : {}
  const call = explain.data
  const expectation = {
    at: (it.at || wallAt(new Date(), zone).slice(0, 16)).replace('T', ' '),
    caller: it.caller,
    called: it.called,
    choices,
    people: it.nobody ? 'no_answer' : 'answer',
  }
  return (
    <Stack>
      <PlansHead account={account} />
      <Text c="dimmed" maw={720}>
        {t('explain.about')}
      </Text>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            explain.mutate()
          }}
        >
          <Stack>
            {failed && Object.keys(problems).length === 0 && (
              <Alert color="red" role="alert">
                {inWords(failed, t)}
              </Alert>
            )}
            <PartyInput
              account={account}
              label={t('expectations.caller')}
              description={t('expectations.callerAbout')}
              required
              error={problems['/caller']}
              value={it.caller}
              onChange={(caller) => change({ caller })}
            />
            <PartyInput
              account={account}
              numbers
              label={t('expectations.called')}
              required
              error={problems['/called']}
              value={it.called}
              onChange={(called) => change({ called })}
            />
            <TextInput
              type="datetime-local"
              label={t('expectations.when')}
              description={t('explain.nowIfEmpty', { zone })}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              error={problems['/at']}
              value={it.at}
              onChange={(event) => change({ at: event.currentTarget.value })}
              maw={260}
            />
            <TagsInput
              label={t('expectations.choices')}
              description={t('expectations.choicesAbout')}
              allowDuplicates
              error={Object.entries(problems).find(([field]) => field.startsWith('/choices'))?.[1]}
              value={choices}
              onChange={setChoices}
            />
            <Switch
              label={t('explain.everybody')}
              checked={it.everybody}
              onChange={(event) => change({ everybody: event.currentTarget.checked })}
            />
            <Switch
              label={t('explain.nobody')}
              checked={it.nobody}
              onChange={(event) => change({ nobody: event.currentTarget.checked })}
            />
            <Button type="submit" loading={explain.isPending} w="fit-content">
              {t('explain.go')}
            </Button>
          </Stack>
        </form>
        {call && (
          <Card withBorder padding="md" component="section" aria-live="polite">
            <Group justify="space-between" mb="md">
              <Title order={2} size="h4">
                {t(`records.outcomes.${call.outcome}`)}
                {call.answered_by && `: ${nameOf(call.answered_by)}`}
              </Title>
              <Button
                component={Link}
                to={`/accounts/${account}/plans/expectations`}
                state={{ expectation }}
                variant="default"
                size="xs"
              >
                {t('explain.keep')}
              </Button>
            </Group>
            <TracePath trace={call.trace ?? []} began={call.started} legs={call.legs ?? []} nameOf={nameOf} />
          </Card>
        )}
      </SimpleGrid>
    </Stack>
  )
}
