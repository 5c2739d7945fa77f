import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { LANGUAGES } from '../../lib/locales/language.ts'
import type { Language } from '../../lib/locales/language.ts'
import type { Picture } from '../../lib/app/port/snapshot.ts'
import { ScriptedPort } from '../fixtures/console/scripted-port.ts'
import { AT, callingSnapshot, richSnapshot } from '../fixtures/console/snapshot.ts'
import { ConsoleInProcess } from '../helpers/terminal/console-in-process.ts'

// Each scene mostly waits for its console.
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
  /** True if its first worker waits for a person. */
  readonly calling?: boolean
  /** True for a picture of that worker's page, with a host that is too long for its line. */
  readonly pictured?: boolean
  /** The snapshot has none of these. */
  readonly without?: 'schedules'
  /** Text that only this scene shows. */
  readonly shows: string
}

/** Prefix of a text that must be visible before the next key. */
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

/** Keys of a search, a filter and a cursor, then of an incomplete filter. */
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

const SCHEDULE_FORM = ['7', 'down', 'e', 'down', 'C-u', ...Array.from('30 3 * * 1-5'), 'enter']

const scheduleForms: Scene[] = SIZES.flatMap(size =>
  LANGUAGES.map(language => ({
    name: 'schedule-form',
    keys: SCHEDULE_FORM,
    size,
    language,
    shows: language === 'en' ? 'Fill in either' : 'Occorre cron',
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

/** Keys that open the succeeded job. */
const JOB = ['2', 'G', 'up', 'up', 'enter']

/** Overlays of the screens, with room and without. */
const overlays: Scene[] = SIZES.filter(([columns]) => columns <= 80).flatMap(size =>
  LANGUAGES.flatMap(language => {
    const says = (english: string, italian: string) => (language === 'en' ? english : italian)
    return [
      { name: 'cancel', keys: ['x'], size, language, shows: says('Keep it', 'Lascialo') },
      { name: 'job', keys: JOB, size, language, shows: says('State', 'Stato') },
      { name: 'crash', keys: CRASH, size, language, shows: 'NavigateError' },
      { name: 'database-row', keys: [...ROWS, 'enter'], size, language, shows: '"article"' },
      { name: 'database-delete', keys: [...ROWS, 'd'], size, language, shows: 'id 1' },
    ]
  }),
)

const WORKER = 'w0001'
const HOST = `accounts.bank.example.com-${'signin-'.repeat(21)}x.abcdefghijkl.evil.example:3994`

/** The page of a worker that calls a person, with room and without. */
const pictures: Scene[] = SIZES.filter(([columns]) => columns <= 80).flatMap(size =>
  LANGUAGES.map(language => ({
    ...{ name: 'picture', keys: ['v'], size, language },
    ...{ calling: true, pictured: true, shows: '.evil.example:3994/…' },
  })),
)

/** Returns a picture of two grey rectangles. */
function pictureOfPage(): Picture {
  const [width, height] = [6, 4]
  const rgb = new Uint8Array(width * height * 3).fill(200).fill(40, 0, width * 2 * 3)
  const address = `https://${HOST}/www.bank.example.com/signin`
  return { workerId: WORKER, at: AT, page: { id: '1-00000000000000aa', address }, width, height, rgb }
}

/** Every other question and list, and the screen of a console after the end of its scheduler. */
const questions: Scene[] = LANGUAGES.flatMap(language => {
  const size = [80, 24] as const
  const says = (english: string, italian: string) => (language === 'en' ? english : italian)
  const scene = (name: string, keys: readonly string[], shows: string): Scene => ({
    ...{ name, keys, size, language, shows },
  })
  return [
    scene('marks', ['2', 'space', 'down', 'space', 'up', 'x'], says('Cancel 2 marked', 'Annullare 2')),
    scene('marks-retry', ['2', 'G', 'space', 'r'], says('Leave them', 'Lasciali stare')),
    scene('retry-dead', ['2', 'R'], says('Leave them', 'Lasciali stare')),
    scene('kill', ['X'], says('Let it run', 'Lascialo continuare')),
    { ...scene('fail', ['F'], says('Keep waiting', 'Continua ad aspettare')), calling: true },
    scene('start', ['2', 'n'], 'order-form'),
    scene('export', [...ROWS, 'C-s'], 'CSV'),
    scene('schedule', ['7', 'down', 'enter'], 'price-watch'),
    scene('schedule-delete', ['7', 'down', 'd'], 'price-watch?'),
    { ...scene('schedules-none', ['7'], says('no schedules', 'Non ci sono')), without: 'schedules' },
    scene('setting', ['8', ...seeing('workers'), 'tab', 'tab', 'tab', 'enter'], 'AUTOMATE_'),
    { ...scene('quit', ['q'], says('Stay', 'Resta')), colours: false },
    { ...scene('lost', [], says('take over', 'subentrare')), lost: true },
    { ...scene('ascii', [], '14:03:22'), colours: false, ascii: true },
  ]
})

const screens: Scene[] = SIZES.flatMap(size =>
  LANGUAGES.flatMap(language => {
    const says = (english: string, italian: string) => (language === 'en' ? english : italian)
    return [
      { name: 'jobs', keys: ['2'], size, language, shows: '#134' },
      { name: 'worker', keys: ['enter'], size, language, shows: says('to come', 'da fare') },
      { name: 'help', keys: ['?'], size, language, shows: says('These keys', 'Tasti attivi') },
    ]
  }),
)

for (const scene of [
  ...dashboards,
  ...logs,
  ...palettes,
  ...forms,
  ...database,
  ...overlays,
  ...questions,
  ...settings,
  ...schedules,
  ...scheduleForms,
  ...crashes,
  ...screens,
  ...pictures,
]) {
  const { name, keys, language, shows, colours = true } = scene
  const [columns, rows] = scene.size
  const file = `${name}-${columns}x${rows}-${language}${colours ? '' : '-plain'}.txt`
  t.test(`${file} matches the console`, { buffered: true }, async t => {
    const port = new ScriptedPort(richSnapshot({ at: AT - 4_000 }))
    const console = new ConsoleInProcess(port, columns, rows, {
      language,
      env: colours ? {} : { NO_COLOR: '1' },
      ascii: scene.ascii ?? false,
    })
    const snapshot = scene.calling === true ? callingSnapshot() : richSnapshot()
    port.show({
      ...snapshot,
      connection: scene.lost === true ? 'lost' : 'scheduling',
      ...(scene.pictured === true ? { pictures: [pictureOfPage()] } : {}),
      ...(scene.without === 'schedules' ? { schedules: [] } : {}),
    })
    await console.settled('14:03:22')
    for (const key of keys) {
      if (key.startsWith(SEEING)) await console.waitFor(key.slice(SEEING.length))
      else console.press(key)
    }
    await console.settled(shows)
    const picture = pictureOf(console)
    if (UPDATE) await writeFile(join(FOLDER, file), picture)
    const golden = (await readFile(join(FOLDER, file), 'utf8').catch(() => '')).replaceAll('\r\n', '\n')
    t.equal(picture, golden, 'run the tests with UPDATE_GOLDEN=1 if the change is intended')
    await console.close()
  })
}

function pictureOf({ screen }: ConsoleInProcess): string {
  const { rows, legend } = screen.styles()
  return [...screen.rows(), '', ...rows, '', ...legend, ''].join('\n')
}
