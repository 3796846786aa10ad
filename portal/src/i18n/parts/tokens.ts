import { addWords } from '../parts'

const en = {
  tokens: {
    about: 'With a token a program uses the API for this customer, such as a wallboard or your own software.',
    aboutOurs: 'With a token of the platform a program uses the API for all customers.',
    new: 'New token',
    none: 'No tokens yet. Make one for each program that uses the API.',
    name: 'Name',
    may: 'May',
    read: 'read',
    write: 'change',
    created: 'Made',
    used: 'Used last',
    never: 'never',
    revoke: 'Revoke',
    revokeText: 'Whatever uses it stops working at once.',
    revoked: 'Revoked. It opens nothing any more.',
    once: 'Take it over now: it is shown this once. Only a digest of it is kept.',
    text: 'Token',
  },
}

const nl: typeof en = {
  tokens: {
    about: 'Met een token gebruikt een programma de API voor deze klant, bijvoorbeeld een wallboard of uw eigen software.',
    aboutOurs: 'Met een token van het platform gebruikt een programma de API voor alle klanten.',
    new: 'Nieuw token',
    none: 'Nog geen tokens. Maak er een voor elk programma dat de API gebruikt.',
    name: 'Naam',
    may: 'Mag',
    read: 'lezen',
    write: 'wijzigen',
    created: 'Gemaakt',
    used: 'Laatst gebruikt',
    never: 'nooit',
    revoke: 'Intrekken',
    revokeText: 'Programma’s die dit token gebruiken, hebben meteen geen toegang meer.',
    revoked: 'Ingetrokken. Het opent niets meer.',
    once: 'Neem het nu over: het is alleen nu te zien. De centrale bewaart alleen een afdruk (hash) ervan.',
    text: 'Token',
  },
}

addWords(en, nl)
