// Whether somebody was signed in when this browser was here last: then the pages are fetched while the exchange is still
// asked who it is, else the form to sign in is.
const KEPT = 'centrale.here'

export function noteHere(here: boolean): void {
  if (here) localStorage.setItem(KEPT, 'yes')
  else localStorage.removeItem(KEPT)
}

export function wasHere(): boolean {
  return localStorage.getItem(KEPT) !== null
}
