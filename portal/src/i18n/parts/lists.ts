import { addWords } from '../parts'

const en = {
  lists: {
    export: 'Export',
    exporting_one: '{{lines}} line so far; stop',
    exporting_other: '{{lines}} lines so far; stop',
  },
}

const nl: typeof en = {
  lists: {
    export: 'Exporteren',
    exporting_one: 'Al {{lines}} regel; stoppen',
    exporting_other: 'Al {{lines}} regels; stoppen',
  },
}

addWords(en, nl)
