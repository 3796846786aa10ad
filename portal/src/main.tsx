import './app/styles'
import { createRoot } from 'react-dom/client'
import { App } from './app/App'
import { nonce } from './app/theme'
import { startWords } from './i18n/words'
import { watchForRenewal } from './parts/renewal'

// The part of a dialog that stops the page behind it from scrolling asks by this name, whoever bundled it.
Object.assign(globalThis, { __webpack_nonce__: nonce() })

watchForRenewal(import.meta.url) // whose name holds a digest of the build

startWords()
createRoot(document.getElementById('root')!).render(<App />)
