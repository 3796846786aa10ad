import { addWords } from '../parts'

const en = { lists: { export: 'Export' } }

const nl: typeof en = { lists: { export: 'Exporteren' } }

addWords(en, nl)
