import { addWords } from '../parts'

const en = {
  breaks: {
    title: 'This would break what you expect',
    text: 'Nothing was changed. These saved expectations hold now, and would not any more:',
    expected: 'Expected: {{what}}',
    found: 'It would become: {{what}}',
    trace: 'The path of that call',
    leave: 'Leave it as it is',
    anyway: 'Do it anyway',
  },
}

const nl: typeof en = {
  breaks: {
    title: 'Dit gaat in tegen wat u verwacht',
    text: 'Er is niets gewijzigd. Deze bewaarde verwachtingen kloppen nu, en dan niet meer:',
    expected: 'Verwacht: {{what}}',
    found: 'Het zou worden: {{what}}',
    trace: 'De weg van dat gesprek',
    leave: 'Laten zoals het is',
    anyway: 'Toch doen',
  },
}

addWords(en, nl)
