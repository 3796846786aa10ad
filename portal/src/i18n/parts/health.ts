import { addWords } from '../parts'

const en = {
  health: {
    about: 'How the exchange is doing at this moment.',
    good: 'Calls can be made',
    bad: 'Calls cannot be made',
    again: 'Look again',
    doctor: 'What was looked at',
    subject: 'What',
    condition: 'How it is',
    found: 'Found',
    remedy: 'What to do: {{what}}',
    is: { good: 'Good', note: 'Worth knowing', bad: 'Wrong' },
    notes: 'Worth knowing',
    calls: 'Calls that run now',
    accounts: 'Customers',
    waiting: 'E-mails and text messages that wait',
    oldest: 'The oldest has waited',
    requests: 'Requests answered since the start',
    mean: 'Time until an answer begins, on average',
  },
}

const nl: typeof en = {
  health: {
    about: 'Of er nu kan worden gebeld, en hoe het gaat met alles wat de centrale daarvoor nodig heeft.',
    good: 'Er kan worden gebeld',
    bad: 'Er kan niet worden gebeld',
    again: 'Opnieuw kijken',
    doctor: 'Wat er is nagekeken',
    subject: 'Wat',
    condition: 'Toestand',
    found: 'Gevonden',
    remedy: 'Wat te doen: {{what}}',
    is: { good: 'Goed', note: 'Goed om te weten', bad: 'Niet goed' },
    notes: 'Goed om te weten',
    calls: 'Lopende gesprekken',
    accounts: 'Klanten',
    waiting: 'E-mails en sms’jes die wachten',
    oldest: 'De oudste wacht al',
    requests: 'Verzoeken sinds de start',
    mean: 'Gemiddelde antwoordtijd',
  },
}

addWords(en, nl)
