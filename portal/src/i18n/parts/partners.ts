import { addWords } from '../parts'

const en = {
  partners: {
    about:
      'Who sells the exchange on. Hand a customer over on its page “Customer details”; invite a partner’s people under “Web users”.',
    new: 'New partner',
    none: 'No partners yet. A partner manages the customers that were handed over to it.',
    deleteText: 'It is refused while the partner has customers or web users.',
  },
}

const nl: typeof en = {
  partners: {
    about:
      'Bedrijven die de centrale doorverkopen. Draag een klant over op de pagina “Klantgegevens” van die klant; nodig medewerkers van een partner uit onder “Webgebruikers”.',
    new: 'Nieuwe partner',
    none: 'Nog geen partners. Een partner beheert de klanten die aan hem zijn overgedragen.',
    deleteText: 'Dit kan niet zolang de partner klanten of webgebruikers heeft.',
  },
}

addWords(en, nl)
