import { addWords } from '../parts'

const en = { player: { hide: 'Put the player away', playWhat: 'Play {{name}}', download: 'Download {{name}}' } }
const nl: typeof en = {
  player: { hide: 'Speler wegzetten', playWhat: '{{name}} afspelen', download: '{{name}} downloaden' },
}

addWords(en, nl)
