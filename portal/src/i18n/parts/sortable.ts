import { addWords } from '../parts'

const en = {
  sortable: {
    how: 'Take it with the space bar, move it with the arrow keys, put it down with the space bar; escape puts it back.',
    moved: '{{name}} now has place {{position}} of {{count}}.',
    taken: '{{name}} is taken. Move it with the arrow keys, put it down with the space bar, escape puts it back.',
    back: '{{name}} is back in its place.',
  },
}

const nl: typeof en = {
  sortable: {
    how: 'Pak het met de spatiebalk, verplaats het met de pijltjes, zet het neer met de spatiebalk; escape zet het terug.',
    moved: '{{name}} staat nu op plaats {{position}} van {{count}}.',
    taken: '{{name}} is opgepakt. Verplaats met de pijltjes, zet neer met de spatiebalk, escape zet terug.',
    back: '{{name}} staat weer op de oude plaats.',
  },
}

addWords(en, nl)
