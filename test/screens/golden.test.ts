import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { LANGUAGES } from '../../lib/locales/language.ts'
import type { Language } from '../../lib/locales/language.ts'
import { ScriptedPort } from '../fixtures/console/scripted-port.ts'
import { AT, richSnapshot } from '../fixtures/console/snapshot.ts'
import { ConsoleInProcess } from '../helpers/console-in-process.ts'

// Each scene waits for its console most of the time.
t.jobs = 4

const FOLDER = join(import.meta.dirname, 'golden')
const UPDATE = process.env['UPDATE_GOLDEN'] === '1'

interface Scene {
  readonly name: string
  readonly keys: readonly string[]
  readonly size: readonly [columns: number, rows: number]
  readonly language: Language
  readonly colours?: boolean
  readonly ascii?: boolean
  readonly lost?: boolean
  /** Something that only this scene shows. */
  readonly shows: string
}

/** Begins a text that must be seen before the next key. */
const SEEING = 'see:'
const seeing = (text: string): string[] => [`${SEEING}${text}`]

const SIZES = [
  [80, 24],
  [120, 40],
  [40, 10],
] as const

const dashboards: Scene[] = SIZES.flatMap(size =>
  LANGUAGES.flatMap(language =>
    [true, false].map(colours => ({
      name: 'dashboard',
      keys: [],
      size,
      language,
      colours,
      shows: '14:03:22',
    })),
  ),
)

/** A search, a filter and a cursor; then a filter that is being typed. */
const LOG_KEYS = ['4', '&', ...Array.from('offer'), 'enter', '/', '3', 'enter', 'N', 'w']

const logs: Scene[] = SIZES.flatMap(size =>
  LANGUAGES.flatMap(language => [
    { name: 'logs', keys: ['4'], size, language, shows: 'Offer 38' },
    { name: 'logs-search', keys: LOG_KEYS, size, language, shows: 'Offer 30' },
    {
      name: 'logs-prompt',
      keys: ['4', '&', 'tab', ...Array.from('pay.*20'), 'left'],
      size,
      language,
      shows: 'pay.*20',
    },
  ]),
)

const palettes: Scene[] = SIZES.flatMap(size =>
  LANGUAGES.map(language => ({
    name: 'palette',
    keys: [':', ...(language === 'en' ? ['j', 'o'] : ['l', 'a'])],
    size,
    language,
    shows: language === 'en' ? ': jo' : ': la',
  })),
)

const FORM_KEYS = ['2', 'n', 'down', 'enter', ...Array.from('wi'), 'down', 'right', 'up']

const forms: Scene[] = SIZES.flatMap(size =>
  LANGUAGES.map(language => ({ name: 'form', keys: FORM_KEYS, size, language, shows: 'card' })),
)

const ROWS = ['6', ...seeing('shared_values'), 'enter']

const database: Scene[] = SIZES.flatMap(size =>
  LANGUAGES.flatMap(language => [
    {
      name: 'database',
      keys: [...ROWS, 'space', 'down', 'right', 'o', '/', ...Array.from('wine'), 'enter'],
      size,
      language,
      shows: '/wine',
    },
    {
      name: 'database-edit',
      keys: [...ROWS, 'e', ...seeing('priority'), 'down', '9', 'x'],
      size,
      language,
      shows: '9x',
    },
  ]),
)

const settings: Scene[] = SIZES.flatMap(size =>
  LANGUAGES.map(language => ({
    name: 'settings',
    keys: ['8', 'tab'],
    size,
    language,
    shows: 'Telegram',
  })),
)

const schedules: Scene[] = SIZES.flatMap(size =>
  LANGUAGES.map(language => ({
    name: 'schedules',
    keys: ['7', 'down'],
    size,
    language,
    shows: 'price-watch',
  })),
)

const crashes: Scene[] = SIZES.flatMap(size =>
  LANGUAGES.map(language => ({
    name: 'crashes',
    keys: ['5', 'G', 'enter', 'down'],
    size,
    language,
    shows: '▾ ×2',
  })),
)

const CRASH = ['5', 'G', 'enter', 'down', 'enter']

const rowScenes: Scene[] = [
  { name: 'database-row', keys: [...ROWS, 'enter'], size: [80, 24], language: 'it', shows: '"article"' },
  { name: 'database-row', keys: [...ROWS, 'enter'], size: [40, 10], language: 'en', shows: '"article"' },
  { name: 'crash', keys: CRASH, size: [80, 24], language: 'it', shows: 'openShop' },
  { name: 'crash', keys: CRASH, size: [40, 10], language: 'en', shows: 'NavigateError' },
  { name: 'database-delete', keys: [...ROWS, 'd'], size: [80, 24], language: 'en', shows: 'Delete id 1' },
  { name: 'database-delete', keys: [...ROWS, 'd'], size: [40, 10], language: 'it', shows: 'id 1' },
]

const marks: Scene[] = LANGUAGES.map(language => ({
  name: 'marks',
  keys: ['2', 'space', 'down', 'space', 'up', 'x'],
  size: [80, 24],
  language,
  shows: language === 'en' ? 'Cancel 2 marked' : 'Annullare 2',
}))

const screens: Scene[] = SIZES.flatMap(size =>
  LANGUAGES.flatMap(language => {
    const says = (english: string, italian: string) => (language === 'en' ? english : italian)
    return [
      { name: 'jobs', keys: ['2'], size, language, shows: '#134' },
      { name: 'worker', keys: ['enter'], size, language, shows: says('to come', 'da fare') },
      { name: 'help', keys: ['?'], size, language, shows: says('These keys', 'Questi tasti') },
    ]
  }),
)

const others: Scene[] = [
  { name: 'cancel', keys: ['x'], size: [80, 24], language: 'en', shows: 'Keep it' },
  { name: 'cancel', keys: ['x'], size: [40, 10], language: 'it', shows: 'Lascialo' },
  { name: 'retry-dead', keys: ['2', 'R'], size: [80, 24], language: 'it', shows: 'Lasciali stare' },
  { name: 'quit', keys: ['q'], size: [80, 24], language: 'it', colours: false, shows: 'Resta' },
  { name: 'lost', keys: [], size: [80, 24], language: 'en', lost: true, shows: 'take over' },
  { name: 'ascii', keys: [], size: [80, 24], language: 'it', colours: false, ascii: true, shows: '14:03:22' },
]

for (const scene of [
  ...dashboards,
  ...logs,
  ...palettes,
  ...forms,
  ...database,
  ...rowScenes,
  ...settings,
  ...schedules,
  ...crashes,
  ...marks,
  ...screens,
  ...others,
]) {
  const { name, keys, language, shows, colours = true } = scene
  const [columns, rows] = scene.size
  const file = `${name}-${columns}x${rows}-${language}${colours ? '' : '-plain'}.txt`
  t.test(`${file} is what the console shows`, { buffered: true }, async t => {
    const port = new ScriptedPort(richSnapshot({ at: AT - 4_000 }))
    const console = new ConsoleInProcess(port, columns, rows, {
      language,
      env: colours ? {} : { NO_COLOR: '1' },
      ascii: scene.ascii ?? false,
    })
    port.show(richSnapshot({ connection: scene.lost === true ? 'lost' : 'scheduling' }))
    await console.settled('14:03:22')
    for (const key of keys) {
      if (key.startsWith(SEEING)) await console.waitFor(key.slice(SEEING.length))
      else console.press(key)
    }
    await console.settled(shows)
    const picture = pictureOf(console)
    if (UPDATE) await writeFile(join(FOLDER, file), picture)
    const golden = (await readFile(join(FOLDER, file), 'utf8').catch(() => '')).replaceAll('\r\n', '\n')
    t.equal(picture, golden, 'run the tests with UPDATE_GOLDEN=1 when the change is meant')
    await console.close()
  })
}

function pictureOf({ screen }: ConsoleInProcess): string {
  const { rows, legend } = screen.styles()
  return [...screen.rows(), '', ...rows, '', ...legend, ''].join('\n')
}
