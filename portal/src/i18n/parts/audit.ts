import { addWords } from '../parts'

const en = {
  audit: {
    about:
      'Who changed what, and what it was before; the newest first. A change can be taken back as long as nothing newer stands in its way.',
    type: 'Of what',
    any: 'Everything',
    key: 'Which one, such as 201',
    actor: 'By whom',
    since: 'From',
    until: 'Up to and including',
    field: 'Field',
    before: 'Before',
    after: 'After',
    further: '… and {{count}} more',
    yes: 'yes',
    no: 'no',
    did_create: '{{what}} created',
    did_change: '{{what}} changed',
    did_delete: '{{what}} deleted',
    did_undo: '{{what}}: a change taken back',
    did_break: '{{what}}: does not hold any more',
    did_hand_over: '{{what}} handed over',
    did_set_password: '{{what}}: password set',
    did_log_on: '{{what}}: somebody logged on',
    did_log_off: '{{what}}: somebody logged off',
    undone: 'The change of {{when}} by {{actor}}.',
    done: 'Taken back. It holds for the next call.',
    undoCreate: 'This deletes what was created',
  },
}

const nl: typeof en = {
  audit: {
    about:
      'Wie wat heeft gewijzigd, en wat het daarvoor was; het nieuwste eerst. Een wijziging kan worden teruggedraaid zolang er niets nieuwers in de weg staat.',
    type: 'Waarvan',
    any: 'Alles',
    key: 'Welke, bijvoorbeeld 201',
    actor: 'Door wie',
    since: 'Vanaf',
    until: 'Tot en met',
    field: 'Veld',
    before: 'Voor',
    after: 'Na',
    further: '… en nog {{count}}',
    yes: 'ja',
    no: 'nee',
    did_create: '{{what}} aangemaakt',
    did_change: '{{what}} gewijzigd',
    did_delete: '{{what}} verwijderd',
    did_undo: '{{what}}: een wijziging teruggedraaid',
    did_break: '{{what}}: klopt niet meer',
    did_hand_over: '{{what}} overgedragen',
    did_set_password: '{{what}}: wachtwoord ingesteld',
    did_log_on: '{{what}}: iemand aangemeld',
    did_log_off: '{{what}}: iemand afgemeld',
    undone: 'De wijziging van {{when}} door {{actor}}.',
    done: 'Teruggedraaid. Dit geldt voor het volgende gesprek.',
    undoCreate: 'Dit verwijdert wat is aangemaakt',
  },
}

addWords(en, nl)
