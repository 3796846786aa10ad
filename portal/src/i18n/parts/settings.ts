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
    trunks: 'Trunks',
    trunksText:
      'By these lines the customer calls out: the first that takes the call carries it. Without one nobody can call outside.',
    noTrunks: 'None chosen: nobody of this customer can call outside, emergency services included.',
    addTrunk: 'Add a trunk',
    noneLeft: 'All are chosen',
    trunkOff: 'switched off: it is left out',
    trunkUp: 'Try {{name}} earlier',
    trunkDown: 'Try {{name}} later',
    trunkAway: 'Take {{name}} out',
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
    trunks: 'Trunks',
    trunksText:
      'Over deze lijnen belt de klant naar buiten: ze worden op volgorde geprobeerd. Zonder lijn kan niemand naar buiten bellen.',
    noTrunks: 'Geen gekozen: niemand van deze klant kan naar buiten bellen, ook niet naar 112.',
    addTrunk: 'Trunk toevoegen',
    noneLeft: 'Alle zijn gekozen',
    trunkOff: 'uitgeschakeld: wordt overgeslagen',
    trunkUp: '{{name}} eerder proberen',
    trunkDown: '{{name}} later proberen',
    trunkAway: '{{name}} weghalen',
    delete: 'Deze klant verwijderen',
    deleteText:
      'Met alle extensies, kanalen, nummers, plannen en berichten, voorgoed. Gespreksgegevens en de lijst van wijzigingen blijven.',
  },
}

addWords(en, nl)
