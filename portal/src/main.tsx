import './app/styles'
import { createRoot } from 'react-dom/client'
import { App } from './app/App'
import { startWords } from './i18n/words'

startWords()
createRoot(document.getElementById('root')!).render(<App />)
