import { addWords } from '../parts'

const en = {
  unsaved: {
    text: 'When you leave this page now, they are gone.',
    stay: 'Stay here',
    leave: 'Leave without saving',
  },
}

const nl: typeof en = {
  unsaved: {
    text: 'Als u deze pagina nu verlaat, gaan ze verloren.',
    stay: 'Hier blijven',
    leave: 'Weggaan zonder opslaan',
  },
}

addWords(en, nl)
