import { addWords } from '../parts'

const en = {
  partners: {
    about:
      'Who sells the exchange on. Hand a customer over on its page “Customer details”; invite a partner’s people under “Web users”.',
    new: 'New partner',
    none: 'No partners yet.',
    deleteText: 'It is refused while the partner has customers or web users.',
  },
}

const nl: typeof en = {
  partners: {
    about:
      'Wie de centrale doorverkoopt. Draag een klant over op zijn pagina “Klantgegevens”; nodig medewerkers van een partner uit onder “Webgebruikers”.',
    new: 'Nieuwe partner',
    none: 'Nog geen partners.',
    deleteText: 'Dit kan niet zolang de partner klanten of webgebruikers heeft.',
  },
}

addWords(en, nl)
