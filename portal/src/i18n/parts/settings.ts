import { addWords } from '../parts'

const en = {
  settings: {
    emergency: 'Choose a number for emergency calls',
    emergencyText: 'Until then nothing else on this page can be saved.',
    emergencyWhy:
      'Emergency services see this number when somebody calls them and nothing nearer is known, and call it back. So the details cannot be saved without it. Choose a number where somebody answers, at the place where most people work.',
    partner: 'Partner',
    partnerText: 'A partner sees and arranges the customers that are handed over to it.',
    partnerOf: 'Customer of',
    noPartner: 'The platform itself',
    handOver: 'Hand over',
    delete: 'Delete this customer',
    deleteText:
      'With all its extensions, channels, numbers, plans and messages, for good. Call records and the list of changes stay.',
  },
}

const nl: typeof en = {
  settings: {
    emergency: 'Kies een nummer voor noodoproepen',
    emergencyText: 'Tot dan kan op deze pagina niets anders worden opgeslagen.',
    emergencyWhy:
      'De alarmcentrale ziet dit nummer als iemand 112 belt en er niets preciezers bekend is, en belt het terug. Daarom kunnen de gegevens niet zonder worden opgeslagen. Kies een nummer waar iemand opneemt, op de plek waar de meeste mensen werken.',
    partner: 'Partner',
    partnerText: 'Een partner ziet en beheert de klanten die aan hem zijn overgedragen.',
    partnerOf: 'Klant van',
    noPartner: 'Het platform zelf',
    handOver: 'Overdragen',
    delete: 'Deze klant verwijderen',
    deleteText:
      'Met alle toestellen, kanalen, nummers, plannen en berichten, voorgoed. Gespreksgegevens en de lijst van wijzigingen blijven.',
  },
}

addWords(en, nl)
