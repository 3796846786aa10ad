// The form of any settings model, made from its schema alone: a new kind in the exchange needs no line here.
import { Fieldset, NumberInput, PasswordInput, Select, Stack, Switch, TextInput } from '@mantine/core'
import { ListField } from './ListField'
import { OptionalPart } from './OptionalPart'
import { branchOf, fresh, isObject, type Json, type JsonObject, resolve, type Schema } from './schema'
import { SEMANTIC } from './semantic'
import { choiceIn } from './words'
import { type FormWorld, useFormWorld } from './world'

export interface FieldProps {
  schema: Schema
  value: Json
  onChange: (value: Json) => void
  /** JSON pointer of the value in what is sent, for what the exchange says of it. */
  pointer: string
  label: string
  required: boolean
  /** The object that the value stands in. */
  beside?: JsonObject
}

/** Every property of an object, in the order in which the model names them. */
export function SchemaForm({
  schema,
  value,
  onChange,
  pointer = '',
}: Pick<FieldProps, 'schema' | 'value' | 'onChange'> & { pointer?: string }) {
  const { defs } = useFormWorld()
  const { schema: it } = resolve(schema, defs)
  const object: JsonObject = isObject(value) ? value : {}
  return (
    <Stack gap="sm">
      {Object.entries(it.properties ?? {})
        .filter(([, property]) => property.const === undefined)
        .map(([name, property]) => (
          <Field
            key={name}
            schema={property}
            value={object[name] ?? null}
            onChange={(changed) => onChange({ ...object, [name]: changed })}
            pointer={`${pointer}/${name}`}
            label={resolve(property, defs).schema.title ?? property.title ?? name}
            required={it.required?.includes(name) ?? false}
            beside={object}
          />
        ))}
    </Stack>
  )
}

/** One value, by what it is. */
export function Field(props: FieldProps) {
  const world = useFormWorld()
  const { schema, optional } = resolve(props.schema, world.defs)
  const semantic = schema['x-centrale']
  const Special = semantic === undefined ? undefined : SEMANTIC[semantic]
  if (Special !== undefined) {
    return <Special {...props} schema={schema} optional={optional} />
  }
  if (schema.oneOf !== undefined) return <Union {...props} schema={schema} />
  if (schema.type === 'array') return <ListField {...props} schema={schema} />
  if (schema.type === 'object') return <Part {...props} schema={schema} optional={optional} />
  return <Plain {...props} schema={schema} optional={optional} />
}

function Plain({ schema, value, onChange, pointer, label, required, optional }: FieldProps & { optional: boolean }) {
  const { problems } = useFormWorld()
  const shared = { label, description: schema.description, error: problems[pointer], required }
  if (schema.enum !== undefined) {
    return (
      <Select
        {...shared}
        data={schema.enum.map((choice) => ({ value: choice, label: choiceIn(schema, choice) }))}
        value={typeof value === 'string' ? value : null}
        onChange={onChange}
        clearable={optional}
        allowDeselect={optional}
      />
    )
  }
  switch (schema.type) {
    case 'boolean':
      return (
        <Switch
          {...shared}
          required={false}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      )
    case 'integer':
    case 'number':
      return (
        <NumberInput
          {...shared}
          value={typeof value === 'number' ? value : ''}
          onChange={(number) => onChange(number === '' ? null : Number(number))}
          allowDecimal={schema.type === 'number'}
          min={schema.minimum}
          max={schema.maximum}
          w={220}
        />
      )
    default: {
      const text = typeof value === 'string' ? value : ''
      const change = (typed: string) => onChange(typed === '' && optional ? null : typed)
      const Input = schema.format === 'password' ? PasswordInput : TextInput
      return (
        <Input
          {...shared}
          autoComplete="off"
          maxLength={schema.maxLength}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
          maw={480}
        />
      )
    }
  }
}

function Part(props: FieldProps & { optional: boolean }) {
  if (props.optional) return <OptionalPart {...props} />
  return (
    <Fieldset legend={props.label}>
      <SchemaForm schema={props.schema} value={props.value} onChange={props.onChange} pointer={props.pointer} />
    </Fieldset>
  )
}

function Union({ schema, value, onChange, pointer, label }: FieldProps) {
  const { defs } = useFormWorld()
  const branches = schema.oneOf ?? []
  const at = branchOf(schema, value, defs)
  const branch = branches[at]
  if (branch === undefined) return null
  return (
    <Fieldset legend={label}>
      <Stack gap="sm">
        <Select
          aria-label={label}
          data={branches.map((it, index) => ({
            value: String(index),
            label: resolve(it, defs).schema.title ?? String(index),
          }))}
          value={String(at)}
          allowDeselect={false}
          onChange={(index) => {
            const chosen = branches[Number(index)]
            if (chosen !== undefined) onChange(fresh(chosen, defs))
          }}
        />
        <SchemaForm schema={branch} value={value} onChange={onChange} pointer={pointer} />
      </Stack>
    </Fieldset>
  )
}

export type { FormWorld }
