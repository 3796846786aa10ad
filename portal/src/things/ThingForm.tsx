import { Alert, Button, Group, Stack } from '@mantine/core'
import { type FormEvent, Fragment, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fresh, type JsonObject, resolve, type Schema } from '../schema-form/schema'
import { FormWorldProvider } from '../schema-form/world'
import { ThingField } from './ThingField'

interface Props {
  schema: Schema
  /** The customer whose extensions and numbers one chooses from; 0 for what is the platform's. */
  account: number
  /** What is stored; nothing for something new. */
  stored?: JsonObject
  /** What a new one begins with besides the defaults. */
  begin?: JsonObject
  /** The fields, in their order; all, if not named. */
  fields?: string[]
  /** Shown, but not the reader's to change. */
  readOnly?: string[]
  /** Stands behind the field of that name. */
  beside?: Record<string, ReactNode>
  /** What the exchange found wrong, by JSON pointer. */
  problems: Record<string, string>
  /** What is wrong with none of the fields. */
  problem?: string
  busy: boolean
  onSave: (value: JsonObject) => void
  save?: string
  /** Further buttons. */
  children?: ReactNode
}

/** The form of a thing, made of what the exchange says that it takes. */
export function ThingForm(props: Props) {
  const { schema, account, stored, fields, readOnly = [], problems } = props
  const { t } = useTranslation()
  const defs = schema.$defs ?? {}
  const [value, setValue] = useState<JsonObject>(() => ({
    ...(fresh(schema, defs) as JsonObject),
    ...props.begin,
    ...stored,
  }))
  const names = fields ?? Object.keys(schema.properties ?? {})
  const shown = new Set(names.map((name) => `/${name}`))
  const elsewhere = Object.entries(problems).filter(
    ([pointer]) => !shown.has(pointer) && ![...shown].some((it) => pointer.startsWith(`${it}/`)),
  )
  const told = [props.problem, ...elsewhere.map(([, message]) => message)].filter(Boolean)

  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        event.stopPropagation() // a form in a dialog lies within another one's
        props.onSave(value)
      }}
    >
      <Stack maw={820}>
        {told.length > 0 && (
          <Alert color="red" role="alert">
            {told.join(' ')}
          </Alert>
        )}
        <FormWorldProvider value={{ account, defs, problems }}>
          {names.map((name) => {
            const property = schema.properties?.[name]
            if (property === undefined) return null
            return (
              <Fragment key={name}>
                <ThingField
                  schema={property}
                  value={value[name] ?? null}
                  onChange={(changed) => setValue((now) => ({ ...now, [name]: changed }))}
                  pointer={`/${name}`}
                  label={resolve(property, defs).schema.title ?? name}
                  required={schema.required?.includes(name) ?? false}
                  readOnly={readOnly.includes(name)}
                />
                {props.beside?.[name]}
              </Fragment>
            )
          })}
        </FormWorldProvider>
        <Group>
          <Button type="submit" loading={props.busy}>
            {props.save ?? t('actions.save')}
          </Button>
          {props.children}
        </Group>
      </Stack>
    </form>
  )
}
