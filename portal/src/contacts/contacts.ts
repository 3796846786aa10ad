// The company's phone book and one's own are the same thing at two addresses.
import { api, got, gotVersion, type Schemas } from '../api/client'
import type { JsonObject } from '../schema-form/schema'

export type Contact = Schemas['ContactOut']

/** Whose contacts: those of an account's company, or one's own with the company's to look at. */
export interface Book {
  account: number
  own: boolean
}

export interface Filter {
  search: string
  favourite: boolean
  sort: 'name' | '-name' | 'company' | '-company'
}

/** Begins the address of everything of the book. */
export function addressOf({ account, own }: Book): string {
  return own ? '/api/v1/me/contacts' : `/api/v1/accounts/${account}/contacts`
}

export function keyOf({ account, own }: Book): unknown[] {
  return ['contacts', own ? 'own' : account]
}

/** A page of the list. */
export function listOf(book: Book, { search, favourite, sort }: Filter, after: string) {
  const query = { search, sort, limit: 50, ...(favourite ? { favourite } : {}), ...(after ? { after } : {}) }
  if (book.own) return got(api.GET('/api/v1/me/contacts', { params: { query } }))
  return got(api.GET('/api/v1/accounts/{account}/contacts', { params: { path: { account: book.account }, query } }))
}

export function make(book: Book, body: JsonObject): Promise<Contact> {
  if (book.own) return got(api.POST('/api/v1/me/contacts', { body: body as never }))
  return got(
    api.POST('/api/v1/accounts/{account}/contacts', { params: { path: { account: book.account } }, body: body as never }),
  )
}

export function read({ account, own }: Book, contact: number) {
  if (own) return gotVersion(api.GET('/api/v1/me/contacts/{contact}', { params: { path: { contact } } }))
  return gotVersion(api.GET('/api/v1/accounts/{account}/contacts/{contact}', { params: { path: { account, contact } } }))
}

export function write({ account, own }: Book, contact: number, patch: JsonObject, etag: string) {
  const header = { 'if-match': etag }
  const body = patch as never
  if (own) return gotVersion(api.PATCH('/api/v1/me/contacts/{contact}', { params: { path: { contact }, header }, body }))
  return gotVersion(
    api.PATCH('/api/v1/accounts/{account}/contacts/{contact}', { params: { path: { account, contact }, header }, body }),
  )
}

export function remove({ account, own }: Book, contact: number) {
  if (own) return got(api.DELETE('/api/v1/me/contacts/{contact}', { params: { path: { contact } } }))
  return got(api.DELETE('/api/v1/accounts/{account}/contacts/{contact}', { params: { path: { account, contact } } }))
}

export function progress({ account, own }: Book) {
  if (own) return got(api.GET('/api/v1/me/contacts/import'))
  return got(api.GET('/api/v1/accounts/{account}/contacts/import', { params: { path: { account } } }))
}

/** May this contact be changed in this book? One's own book shows the company's contacts as well. */
export function isOurs(book: Book, contact: Contact): boolean {
  return !book.own || contact.owner !== null
}

/** The share of an import that is done, from 0 to 1; null while nobody knows. */
export function shareOf({ running, done, of }: Schemas['ImportProgress']): number | null {
  return running && of > 0 ? done / of : null
}
