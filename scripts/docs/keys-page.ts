import { translatorFor } from '../../lib/locales/translator.ts'
import { keyName } from '../../screens/key-name.ts'
import { ACTION_IDS, BINDINGS } from '../../screens/keymap.ts'

/** Returns the page of the console's keys, generated from the console's own table. */
export function keysPage(): string {
  const { words } = translatorFor('en')
  const groups = Map.groupBy(ACTION_IDS, id => BINDINGS[id].group)
  const sections = [...groups].map(([group, ids]) => {
    const rows = ids.map(id => {
      const keys = BINDINGS[id].keys.map(key => code(keyName(key, words)))
      return `| ${keys.join(' ')} | ${cell(words.keys[id].help)} |`
    })
    return `## ${words.groups[group]}\n\n| key | does |\n| --- | --- |\n${rows.join('\n')}`
  })
  return [
    '# The keys of the console',
    'Generated from the table of keys by `npm run docs`. Change `screens/actions/`, not this page.',
    'The effect of a key depends on the selected pane. In the console, `?` shows the keys that work there, and `:` finds every command by its name.',
    ...sections,
    '',
  ].join('\n\n')
}

const code = (key: string) => `\`${key.replaceAll('|', '\\|')}\``
const cell = (text: string) => text.replaceAll('|', '\\|')
