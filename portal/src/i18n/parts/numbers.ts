import { addWords } from '../parts'

const en = {
  numbers: {
    leadsTo: 'Leads to now',
    nowhere: 'nowhere: callers hear that it is not in use',
    about: 'Business numbers lead where the number plans say; a personal number belongs to one user.',
    new: 'Add a number',
    none: 'No telephone numbers yet. Your supplier adds them.',
    number: 'Number',
    use: 'For',
    status: 'Order',
    business: 'Number plans',
    personal: 'A user',
    personalOf: 'Personal: {{who}}',
    status_ordered: 'Ordered',
    status_active: 'Active',
    deleteText: 'Calls to it no longer arrive here. It is refused while a plan or a caller id uses it.',
  },
}

const nl: typeof en = {
  numbers: {
    leadsTo: 'Leidt nu naar',
    nowhere: 'nergens: bellers horen dat het nummer niet in gebruik is',
    about: 'Zakelijke nummers leiden waarheen de nummerplannen zeggen; een persoonlijk nummer hoort bij één gebruiker.',
    new: 'Nummer toevoegen',
    none: 'Nog geen telefoonnummers. Uw leverancier voegt ze toe.',
    number: 'Nummer',
    use: 'Voor',
    status: 'Bestelling',
    business: 'Nummerplannen',
    personal: 'Een gebruiker',
    personalOf: 'Persoonlijk: {{who}}',
    status_ordered: 'Besteld',
    status_active: 'Actief',
    deleteText:
      'Gesprekken naar dit nummer komen hier niet meer aan. Dit kan niet zolang een plan of een afzendernummer het gebruikt.',
  },
}

addWords(en, nl)
