// Server-sent events, read from a fetch: unlike EventSource it tells why a connection was refused, and goes on from the
// last event that was handled, not the last that came.

export interface ServerEvent {
  id: string | null
  event: string
  data: string
}

/** Takes text as it comes, cut anywhere, and gives the events that are complete. */
export class EventReader {
  #rest = ''
  #id: string | null = null
  #event = ''
  #data: string[] = []

  read(text: string): ServerEvent[] {
    const events: ServerEvent[] = []
    // The last line may not be there as a whole; a lone \r may be half of \r\n.
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/)
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line !== '') this.#field(line)
      else {
        if (this.#data.length > 0) {
          events.push({ id: this.#id, event: this.#event || 'message', data: this.#data.join('\n') })
        }
        this.#event = ''
        this.#data = []
      }
    }
    return events
  }

  #field(line: string): void {
    const colon = line.indexOf(':')
    if (colon === 0) return // a comment: it only keeps the connection open
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'id') this.#id = value
    else if (name === 'event') this.#event = value
    else if (name === 'data') this.#data.push(value)
  }
}
