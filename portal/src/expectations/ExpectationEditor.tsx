import { useTranslation } from 'react-i18next'
import { api, got, gotVersion, type Versioned } from '../api/client'
import { tellDone } from '../parts/problems'
import { useMergedSave } from '../parts/useMergedSave'
import { useRefresh } from '../plans/data'
import type { JsonObject } from '../schema-form/schema'
import { ExpectationForm } from './ExpectationForm'
import type { Expectation, ExpectationIn } from './expectations'

/** Changes an expectation that is there. */
export function ExpectationEditor(props: { account: number; stored: Versioned<Expectation>; onClose: () => void }) {
  const { account, stored, onClose } = props
  const { t } = useTranslation()
  const refresh = useRefresh(account)
  const place = { account, expectation: stored.value.id }
  const saving = useMergedSave({
    read: async () => {
      const { value, etag } = await gotVersion(
        api.GET('/api/v1/accounts/{account}/expectations/{expectation}', { params: { path: place } }),
      )
      return { value: asFields(value), etag }
    },
    write: (fields, etag) =>
      got(
        api.PATCH('/api/v1/accounts/{account}/expectations/{expectation}', {
          params: { path: place, header: { 'if-match': etag } },
          body: { ...fields, outcome: JSON.parse(String(fields.outcome)) as object } as never,
        }),
      ),
    onSaved: () => {
      refresh()
      tellDone(t('expectations.saved'))
      onClose()
    },
    name: ([field]) => t(`expectations.fields.${field}`),
  })
  return (
    <>
      <ExpectationForm
        account={account}
        title={t('expectations.edit')}
        expectation={stored.value}
        problems={saving.fields}
        busy={saving.busy}
        onClose={onClose}
        onSave={(changed) => saving.save({ value: asFields(stored.value), etag: stored.etag }, asFields(changed))}
      />
      {saving.dialog}
    </>
  )
}

/** By field; the outcome is one value, for half of one and half of another would be neither. */
function asFields({ name, at, caller, called, choices, people, outcome }: ExpectationIn): JsonObject {
  return { name, at, caller, called, choices: choices ?? [], people, outcome: JSON.stringify(outcome) }
}
