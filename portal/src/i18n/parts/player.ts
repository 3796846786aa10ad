import { addWords } from '../parts'

const en = { player: { hide: 'Put the player away', playWhat: 'Play {{name}}' } }
const nl: typeof en = {
  player: { hide: 'Speler wegzetten', playWhat: '{{name}} afspelen' },
}

addWords(en, nl)
