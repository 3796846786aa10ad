// Files go by XMLHttpRequest: fetch does not tell how much of one has been sent.
import { language } from '../i18n/words'
import { currentCsrf, type Problem, refusalOf, Unreachable } from './client'
import { heard, isBetween, notHeard } from './connection'
import { answered, keyFor } from './sending'

export interface Upload<T> {
  done: Promise<T>
  cancel: () => void
}

/** Sends a form with a file. `onProgress`: the share that has been sent, from 0 to 1. */
export function upload<T>(address: string, form: FormData, onProgress: (share: number) => void): Upload<T> {
  const request = new XMLHttpRequest()
  const what = `${address} ${[...form].map(([name, value]) => `${name}=${contentsOf(value)}`).join('&')}`
  const done = new Promise<T>((resolve, reject) => {
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    request.onerror = () => {
      notHeard()
      reject(new Unreachable())
    }
    request.onabort = () => reject(new Cancelled())
    request.onload = () => {
      if (isBetween(request.status, request.getResponseHeader('content-type'))) {
        notHeard()
        return reject(new Unreachable())
      }
      heard()
      answered(what)
      if (request.status < 300) resolve(JSON.parse(request.responseText) as T)
      else reject(refusalOf(problemOf(request)))
    }
  })
  request.open('POST', address)
  request.setRequestHeader('X-CSRF-Token', currentCsrf())
  request.setRequestHeader('Accept-Language', language())
  request.setRequestHeader('Idempotency-Key', keyFor(what))
  request.send(form)
  return { done, cancel: () => request.abort() }
}

/** Tells one file from another without reading it. */
function contentsOf(value: FormDataEntryValue): string {
  return typeof value === 'string' ? value : `${value.name} ${value.size} ${value.lastModified}`
}

/** Whoever sent it thought better of it. */
export class Cancelled extends Error {}

function problemOf({ status, statusText, responseText }: XMLHttpRequest): Problem {
  const plain = { type: 'urn:centrale:problem:http', title: statusText, status, detail: `${status} ${statusText}` }
  try {
    return { ...plain, ...(JSON.parse(responseText) as Partial<Problem>) }
  } catch {
    return plain // something between us and the exchange answered
  }
}
