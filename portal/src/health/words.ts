// What the exchange says of itself, in Dutch: it says it in English, with values in it.
import { language } from '../i18n/words'

/** Each with what stands in it in brackets; the first that fits counts. */
const DUTCH: [RegExp, string][] = [
  // what was looked at
  [/^Exchange$/, 'Centrale'],
  [/^Calls$/, 'Gesprekken'],
  [/^Ports?$/, 'Poorten'],
  [/^Media ports$/, 'Poorten voor geluid'],
  [/^Home$/, 'Gegevensmap'],
  [/^Memory$/, 'Geheugen'],
  [/^Speech$/, 'Spraak'],
  [/^Mail server$/, 'Mailserver'],
  [/^SMS gateway$/, 'Sms-dienst'],
  // what was found
  [/^none$/, 'geen'],
  [/^none yet$/, 'nog geen'],
  [/^not running$/, 'draait niet'],
  [/^running: supervisor (.+), Asterisk (.+)$/, 'draait: toezicht $1, Asterisk $2'],
  [/^Asterisk \(process (.+)\) runs without supervisor$/, 'Asterisk (proces $1) draait zonder toezicht'],
  [/^supervisor (.+) runs without Asterisk$/, 'toezicht $1 draait zonder Asterisk'],
  [/^can be made$/, 'er kan worden gebeld'],
  [/^call control does not answer: (.+)$/, 'de gespreksbesturing antwoordt niet: $1'],
  [/^in use by this exchange$/, 'in gebruik bij deze centrale'],
  [/^(.+) is free$/, '$1 is vrij'],
  [/^(\d+–\d+): (\d+) calls at once$/, '$1: $2 gesprekken tegelijk'],
  [/^(.+), (\d+) MB free$/, '$1, $2 MB vrij'],
  [/^(\d+) MB available$/, '$1 MB beschikbaar'],
  [/^(.+) cannot be written$/, '$1 kan niet worden beschreven'],
  [/^(.+): none yet$/, '$1: nog geen'],
  [/^(.+): empty$/, '$1: leeg'],
  [/^espeak-ng is missing$/, 'espeak-ng ontbreekt'],
  [/^none is set: e-mails wait$/, 'geen ingesteld: e-mails wachten'],
  [/^none is set: text messages wait$/, 'geen ingesteld: sms’jes wachten'],
  [/^(.+) takes e-mails, signed in$/, '$1 neemt e-mails aan, ingelogd'],
  [/^(.+) takes e-mails$/, '$1 neemt e-mails aan'],
  [/^at (.+); it is not tried, for that would send a message$/, 'bij $1; niet geprobeerd, want dat zou een bericht versturen'],
  // what to do
  [/^use Python (.+) or newer$/, 'gebruik Python $1 of nieuwer'],
  [/^`(.+)` starts it$/, '`$1` start hem'],
  [/^`(.+)` adopts it$/, '`$1` neemt hem over'],
  [/^`(.+)` makes it$/, '`$1` maakt hem'],
  [/^`(.+)` fills it$/, '`$1` vult hem'],
  [/^`(.+)` fetches a private one; `up` does too$/, '`$1` haalt er een op; `up` ook'],
  [/^only for tests and the demo: `(.+)`$/, 'alleen voor proeven en de demo: `$1`'],
  [/^read (.+)$/, 'lees $1'],
  [/^set (.+), or stop that program$/, 'stel $1 in, of stop dat programma'],
  [/^set (\S+) below (\S+)$/, 'stel $1 lager in dan $2'],
  [/^set (\S+) to a folder of yours$/, 'stel $1 in op een eigen map'],
  [/^set (\S+) and (\S+)$/, 'stel $1 en $2 in'],
  [/^set (\S+)$/, 'stel $1 in'],
  [/^free some space: (\d+) MB is little for records and recordings$/, 'maak ruimte: $1 MB is weinig voor gesprekken en opnamen'],
  [
    /^(\d+) MB is what 10,000 phones need; fewer need less$/,
    '$1 MB is wat 10.000 telefoons nodig hebben; minder hebben minder nodig',
  ],
  [/^start it, or mend (\S+)$/, 'start hem, of verbeter $1'],
  [/^start it, or set (\S+)$/, 'start hem, of stel $1 in'],
  [/^put a backup back \((.+)\)$/, 'zet een reservekopie terug ($1)'],
  [/^install the locked requirements again: `(.+)`$/, 'installeer de vastgelegde pakketten opnieuw: `$1`'],
  [/^reinstall it: `(.+)`$/, 'installeer het opnieuw: `$1`'],
  // sentences of /healthz
  [
    /^No mail server is set: e-mails wait in the outbox \((.+)\)\.$/,
    'Er is geen mailserver ingesteld: e-mails blijven wachten ($1).',
  ],
  [
    /^No SMS gateway is set: text messages wait in the outbox \((.+)\)\.$/,
    'Er is geen sms-dienst ingesteld: sms’jes blijven wachten ($1).',
  ],
  [
    /^The telephone switch \(Asterisk\) is not connected\. It is started again by itself; see its log\.$/,
    'De telefooncentrale (Asterisk) is niet verbonden. Hij wordt vanzelf opnieuw gestart; zie het logboek.',
  ],
  [
    /^The exchange did not find out within (\S+) seconds whether calls can be made\.$/,
    'De centrale wist binnen $1 seconden niet te zeggen of er gebeld kan worden.',
  ],
  [
    /^The exchange could not find out whether calls can be made; its log says why\.$/,
    'De centrale kon niet nagaan of er gebeld kan worden; het logboek zegt waarom.',
  ],
  [
    /^(\d+) e-mails wait to be sent, the oldest for (\d+) minutes; the log says why\.$/,
    '$1 e-mails wachten op verzending, de oudste al $2 minuten; het logboek zegt waarom.',
  ],
  [
    /^(\d+) text messages wait to be sent, the oldest for (\d+) minutes; the log says why\.$/,
    '$1 sms’jes wachten op verzending, de oudste al $2 minuten; het logboek zegt waarom.',
  ],
]

/** In the reader's language; what nobody has translated stays as it was said. */
export function inOwnWords(english: string, reader = language()): string {
  if (reader === 'en') return english
  for (const [pattern, dutch] of DUTCH) {
    if (pattern.test(english)) return english.replace(pattern, dutch)
  }
  return english
}
