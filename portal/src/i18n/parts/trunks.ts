import { addWords } from '../parts'

const en = {
  trunks: {
    about: 'The lines to carriers, through which calls from and to outside go.',
    new: 'New trunk',
    none: 'No trunks yet: nobody can be called outside, and no calls come in.',
    name: 'Name',
    host: 'Carrier',
    state: 'State',
    on: 'In use',
    off: 'Switched off',
    deleteText: 'Customers that chose it call through their other trunks.',
  },
}

const nl: typeof en = {
  trunks: {
    about: 'De lijnen naar aanbieders, waardoor gesprekken van en naar buiten gaan.',
    new: 'Nieuwe trunk',
    none: 'Nog geen trunks: er kan niet naar buiten worden gebeld, en er komen geen gesprekken binnen.',
    name: 'Naam',
    host: 'Aanbieder',
    state: 'Toestand',
    on: 'In gebruik',
    off: 'Uitgeschakeld',
    deleteText: 'Klanten die deze trunk hebben gekozen, bellen via hun andere trunks.',
  },
}

addWords(en, nl)
