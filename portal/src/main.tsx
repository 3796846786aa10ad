import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './app/app.css'
import { createRoot } from 'react-dom/client'
import { App } from './app/App'
import { startWords } from './i18n/words'

startWords()
createRoot(document.getElementById('root')!).render(<App />)
