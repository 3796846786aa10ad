import { addWords } from '../parts'

const en = {
  unsaved: {
    text: 'When you leave this page now, they are gone.',
    stay: 'Stay here',
    leave: 'Leave without saving',
    restored: 'What you typed before this page was loaded again is back.',
    discard: 'Throw it away',
  },
}

const nl: typeof en = {
  unsaved: {
    text: 'Als u deze pagina nu verlaat, gaan ze verloren.',
    stay: 'Hier blijven',
    leave: 'Weggaan zonder opslaan',
    restored: 'Wat u typte voordat deze pagina opnieuw werd geladen, is terug.',
    discard: 'Weggooien',
  },
}

addWords(en, nl)
