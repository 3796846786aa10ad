import { addWords } from '../parts'

const en = {
  lists: {
    export: 'Export',
    order: 'In the order of',
    newest: 'Newest first',
    oldest: 'Oldest first',
    exporting_one: '{{lines}} line so far; stop',
    exporting_other: '{{lines}} lines so far; stop',
  },
}

const nl: typeof en = {
  lists: {
    export: 'Exporteren',
    order: 'Volgorde',
    newest: 'Nieuwste eerst',
    oldest: 'Oudste eerst',
    exporting_one: 'Al {{lines}} regel; stoppen',
    exporting_other: 'Al {{lines}} regels; stoppen',
  },
}

addWords(en, nl)
