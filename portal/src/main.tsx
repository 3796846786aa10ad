import './app/styles'
import { createRoot } from 'react-dom/client'
import { whenBack } from './api/connection'
import { App } from './app/App'
import { nonce } from './app/theme'
import { startWords } from './i18n/words'

const RENEWED = 'centrale.renewed'

// The part of a dialog that stops the page behind it from scrolling asks by this name, whoever bundled it.
Object.assign(globalThis, { __webpack_nonce__: nonce() })

// A part of the portal did not come: the exchange is away, or was renewed meanwhile and its files have other names. Both
// are over once the page is loaded again; what was typed is kept.
addEventListener('vite:preloadError', () => void loadAnew())

async function loadAnew(): Promise<void> {
  await whenBack()
  const last = sessionStorage.getItem(RENEWED)
  sessionStorage.setItem(RENEWED, document.baseURI)
  if (last !== document.baseURI) location.reload() // else it did not help: the page says that something is wrong
}

startWords()
createRoot(document.getElementById('root')!).render(<App />)
