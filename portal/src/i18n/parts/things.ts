import { addWords } from '../parts'

const en = {
  things: {
    copy: 'Copy: {{what}}',
    copied: 'Copied',
    unused: 'It is used nowhere.',
    uses: 'Where it is used',
    once: 'This is shown once',
  },
  types: {
    account: 'Customer',
    extension: 'Extension',
    channel: 'Channel',
    number: 'Number',
    schema: 'Plan schema',
    plan: 'Number plan',
    schedule: 'Schedule',
    holiday: 'Holiday',
    expectation: 'Expectation',
    'web user': 'Web user',
    token: 'API token',
    trunk: 'Trunk',
    trunks: 'Choice of trunks',
    partner: 'Partner',
    sound: 'Sound',
    music: 'Music',
    playlist: 'Playlist',
    message: 'Voice message',
    notice: 'Notice',
    logon: 'Logon at channel',
  },
}

const nl: typeof en = {
  things: {
    copy: 'Kopiëren: {{what}}',
    copied: 'Gekopieerd',
    unused: 'Het wordt nergens gebruikt.',
    uses: 'Waar het wordt gebruikt',
    once: 'Dit is eenmalig te zien',
  },
  types: {
    account: 'Klant',
    extension: 'Toestel',
    channel: 'Kanaal',
    number: 'Nummer',
    schema: 'Planschema',
    plan: 'Nummerplan',
    schedule: 'Rooster',
    holiday: 'Feestdag',
    expectation: 'Verwachting',
    'web user': 'Webgebruiker',
    token: 'API-token',
    trunk: 'Trunk',
    trunks: 'Keuze van trunks',
    partner: 'Partner',
    sound: 'Geluid',
    music: 'Muziek',
    playlist: 'Afspeellijst',
    message: 'Voicemailbericht',
    notice: 'Melding',
    logon: 'Aanmelding op kanaal',
  },
}

addWords(en, nl)
