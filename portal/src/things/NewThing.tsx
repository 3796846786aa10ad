import { Skeleton } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../api/client'
import { inWords } from '../parts/problems'
import { useStanding } from '../parts/useStanding'
import type { JsonObject } from '../schema-form/schema'
import { filled, useForm } from './form'
import { ThingForm } from './ThingForm'

interface Props<Made> {
  form: string
  account: number
  begin?: JsonObject
  fields?: string[]
  beside?: Record<string, ReactNode>
  make: (value: JsonObject) => Promise<Made>
  onMade: (made: Made) => void
  save?: string
}

/** The form of something that is not there yet. */
export function NewThing<Made>(props: Props<Made>) {
  const { t } = useTranslation()
  const schema = useForm(props.form).data
  const make = useMutation({ mutationFn: props.make, onSuccess: props.onMade })
  const failed = useStanding(make.error)
  if (schema === undefined) return <Skeleton h={200} />
  const fields = failed instanceof Refused ? failed.fields : {}
  const elsewhere = failed !== null && Object.keys(fields).length === 0
  return (
    <ThingForm
      schema={schema}
      account={props.account}
      begin={props.begin}
      fields={props.fields}
      beside={props.beside}
      problems={fields}
      problem={elsewhere ? inWords(failed, t) : undefined}
      busy={make.isPending}
      onSave={(value) => make.mutate(filled(value))}
      save={props.save ?? t('actions.save')}
    />
  )
}
