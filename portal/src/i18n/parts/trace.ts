import { addWords } from '../parts'

const en = {
  trace: {
    title: 'The path of the call',
    none: 'Nothing was noted.',
    rejected_one: 'One thing was passed over: why?',
    rejected_other: '{{count}} things were passed over: why?',
    weighed: 'What counted here',
    legs: 'Rung',
  },
}

const nl: typeof en = {
  trace: {
    title: 'De weg van het gesprek',
    none: 'Er is niets genoteerd.',
    rejected_one: 'Eén mogelijkheid viel af: waarom?',
    rejected_other: '{{count}} mogelijkheden vielen af: waarom?',
    weighed: 'Wat hier telde',
    legs: 'Gebeld',
  },
}

addWords(en, nl)
