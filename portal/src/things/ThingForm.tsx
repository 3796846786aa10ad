import { Alert, Button, Group, Stack } from '@mantine/core'
import { type FormEvent, Fragment, type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Versioned } from '../api/client'
import { useKeptDraft, useRestored } from '../parts/drafts'
import { same } from '../parts/merge'
import { Restored } from '../parts/Restored'
import { Unsaved } from '../parts/Unsaved'
import { useFocusOnProblem } from '../parts/useFocusOnProblem'
import { type Defs, fresh, type JsonObject, placed, pointersOf, resolve, type Schema } from '../schema-form/schema'
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
  /** The name under which what is typed outlives a reload. */
  keptAs?: string
  /** The version that is changed; kept with what is typed. */
  base?: Versioned<JsonObject>
  onSave: (value: JsonObject) => void
  /** Is there something in it that is not saved? */
  onTyped?: (changed: boolean) => void
  save?: string
  /** Further buttons. */
  children?: ReactNode
}

/** The form of a thing, made of what the exchange says that it takes. */
export function ThingForm(props: Props) {
  const { schema, account, stored, fields, readOnly = [], problems } = props
  const { t } = useTranslation()
  const defs = schema.$defs ?? {}
  const keptAs = props.keptAs ?? null
  const kept = useRestored<{ value: JsonObject }>(keptAs)
  const [isRestored, setRestored] = useState(kept !== null)
  const [start] = useState<JsonObject>(() => ({ ...(fresh(schema, defs) as JsonObject), ...props.begin, ...stored }))
  const [value, setValue] = useState<JsonObject>({ ...start, ...kept?.value })
  const changed = !same(value, start)
  const secrets = Object.entries(schema.properties ?? {}).filter(([, property]) => isSecret(property, defs))
  const harmless = Object.fromEntries(Object.entries(value).filter(([name]) => !secrets.some(([secret]) => secret === name)))
  const { onTyped } = props
  useEffect(() => onTyped?.(changed), [onTyped, changed])
  useKeptDraft(keptAs, changed ? { base: props.base, value: harmless } : null)
  const names = fields ?? Object.keys(schema.properties ?? {})
  const pointers = pointersOf(schema, value, defs).filter((pointer) => names.includes(pointer.split('/')[1] ?? ''))
  const { at, elsewhere } = placed(problems, pointers)
  const told = [props.problem, ...elsewhere].filter(Boolean)
  const form = useFocusOnProblem(props.problem ?? Object.keys(problems)[0])

  return (
    <form
      ref={form}
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        event.stopPropagation() // a form in a dialog lies within another one's
        props.onSave(value)
      }}
    >
      <Stack maw={820}>
        {isRestored && changed && (
          <Restored
            onDiscard={() => {
              setValue(start)
              setRestored(false)
            }}
          />
        )}
        {told.length > 0 && (
          <Alert color="red" role="alert">
            {told.join(' ')}
          </Alert>
        )}
        <FormWorldProvider value={{ account, defs, problems: at }}>
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
      <Unsaved when={keptAs !== null && changed && !props.busy} kept />
    </form>
  )
}

/** Is it nobody's to read, not even in this tab's own memory? */
function isSecret(property: Schema, defs: Defs): boolean {
  const { schema } = resolve(property, defs)
  return schema.format === 'password' || schema['x-centrale'] === 'secret'
}
