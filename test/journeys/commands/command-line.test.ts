import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { automate } from '../../helpers/program/automate.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'

/** The fixtures that the tests use. */
const workflows = ['succeeds-late', 'visits']

const WRONG: readonly (readonly [args: readonly string[], says: RegExp])[] = [
  [['nonsense'], /Unknown command 'nonsense'\. "automate-tui --help" lists the commands/],
  [['stauts', '--json'], /Unknown command 'stauts'\. Did you mean status\?/],
  [['service', 'install', '--print'], /"service install" is now "autostart enable"\. "automate-tui --help"/],
  [['service'], /"service" is now "autostart"\./],
  [['after', '9', '7'], /"after" is now "depend"\./],
  [['schedules', 'romove', 'nightly'], /'romove'\. Did you mean remove\? "automate-tui schedules --help"/],
  [['console', 'foo'], /Too many arguments for 'console', which takes none: foo/],
  [['help', 'nope'], /Unknown command 'nope'/],
  [['help', 'db', 'chek'], /Unknown command 'chek'\. Did you mean check\? "automate-tui db --help"/],
  [['--nonsense'], /Unknown option '--nonsense'/],
  [['--until-idel'], /Unknown option '--until-idel'\. Did you mean --until-idle\?/],
  [['jobs', '--nonsense'], /Unknown option '--nonsense'\. "automate-tui jobs --help" explains it/],
  [['jobs', '--worker', '2'], /Unknown option '--worker'\. Did you mean --workers\?/],
  [['run', 'visits', '--worker', '2'], /Unknown option '--worker'\. Did you mean --workers\?/],
  [['priority', '1', '101'], /A priority must be a whole number from -100 to 100, got "101"/],
  [['cancel'], /Missing required argument 'job'/],
  [['cancel', 'x'], /"x" is not a job number/],
  [['retry'], /needs either a job number or --all/],
  [['jobs', '--dead', '--state', 'failed'], /--dead and --state cannot be combined/],
  [['retry', '7', '--workflow', 'visits'], /--workflow needs --all/],
  [['retry', '77'], /no job 77/],
  [['crashes', '77'], /no crash report 77/],
  [['jobs', '--state', 'foo'], /--state must be one of queued, running/],
  [['jobs', 'x'], /"x" is not a job number/],
  [['jobs', '77'], /no job 77/],
  [['--read-only'], /--read-only needs the screens/],
  [['enqueue', 'visits', '--input', 'url'], /--input must have the form key=value/],
  [['enqueue', 'visits'], /is not valid for workflow "visits": "url": is missing/],
  [['enqueue', 'visits', '--input', 'url=http://x/', '--after', 'x'], /"x" is not a job number/],
  [
    ['enqueue', 'visits', '--input', 'url=http://x/', '--if-failed', 'x'],
    /--if-failed must be one of cancel, run/,
  ],
  [
    ['enqueue', 'visits', '--input', 'url=http://x/', '--input', 'm=2'],
    /has no input "m"\. Its inputs are url, n/,
  ],
  [
    ['run', 'visits', '--input', 'url=http://x/', '--priority', '999'],
    /A priority must be a whole number .*got "999"/,
  ],
  [
    ['enqueue', 'visits', '--input', 'url=http://x/', '--workers', 'x'],
    /--workers must be a whole number from 1 to 64, got "x"/,
  ],
  [
    ['run', 'visits', '--input', 'url=http://x/', '--workers', '65'],
    /--workers must be a whole number from 1 to 64, got "65"/,
  ],
  [['enqueue', 'visits', '--input', 'url=http://x/', '--key', ''], /--key must have 1 to 200 characters/],
  [['run', 'absent'], /no workflow "absent". The workflows are: .*visits/],
  [['worker', 'visits', '--input-file', 'absent.json'], /absent\.json/],
  [['services', 'stop', 'absent'], /no service "absent"/],
  [['services', 'stop', 'Cron'], /no service "Cron"\. "automate-tui services" lists them/],
  [['cancel', '1e3'], /"1e3" is not a job number/],
  [['crashes', '9'.repeat(23)], /"9{23}" is not a crash number/],
  [['db', 'rows', 'jobs', '--limit', '0'], /--limit must be a whole number of at least 1, got "0"/],
  [['--workers', '0', 'jobs'], /"workers" in --workers: must be 1 to 64/],
  [['jobs', '--language', 'fr'], /"language" in --language: must be en or it/],
  [['new'], /Usage: automate-tui new/],
  [['schedules', 'pause', 'absent'], /no schedule "absent"/],
  [['schedules', 'add', 'x', 'visits', '--cron', '61 * * * *'], /"cron": is not valid/],
  [['schedules', 'add', 'x', 'visits'], /"cron": must be set, or "every"/],
  [['schedules', 'next', '--count', '0'], /--count must be from 1 to 10000, got 0/],
  [['schedules', 'next', '--count', '9'.repeat(23)], /--count must be a whole number, got "9{23}"/],
  [['report', '3'], /no job 3/],
  [['report', '3', '--json', '--output', 'facts.json'], /--json and --output cannot be combined/],
]

t.test('wrong usage exits with 2 and an explanation', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const left = WRONG.values()
  const lane = async () => {
    for (const [args, says] of left) {
      const { code, stdout, stderr } = await project.run(args)
      t.equal(code, 2, args.join(' '))
      t.match(stderr, says)
      t.match(
        stderr,
        args.join() === 'new' ? /^Usage: / : /^automate-tui: [^\n]+\n$/,
        'the explanation is one line',
      )
      t.equal(stdout, '')
    }
  }
  await Promise.all([lane(), lane(), lane(), lane()])
})

const COMMANDS = (
  'console demo run enqueue jobs depend priority cancel retry worker crashes logs status services config ' +
  'init new test schedules autostart doctor report help'
).split(' ')

t.test('every command has help', async t => {
  const { code, stdout } = await automate(t, ['--help'])
  t.equal(code, 0)
  for (const command of [...COMMANDS, 'db']) t.match(stdout, new RegExp(`^  ${command}\\b`, 'm'))
  t.match(stdout, /Exit codes: 0 done/)
  t.match(
    stdout,
    /^Options of the console.*:\n[^]*^ {2}--no-tui [^]*^ {2}--json [^]*^ {2}--until-idle [^]*^ {2}--read-only /m,
  )
  t.match(stdout, /^ {2}automate-tui --no-tui --until-idle --json$/m)
  t.match(await automate(t, ['help', 'db', 'check']), { code: 0, stdout: /^Usage: automate-tui db check/ })
  await Promise.all(
    [...COMMANDS.map(command => [command]), ['db', 'check'], ['db', 'backup'], ['services', 'stop']].map(
      async words => {
        const help = await automate(t, [...words, '--help'], { cwd: newFolder() })
        t.equal(help.code, 0)
        t.match(help.stdout, new RegExp(`^Usage: automate-tui ${words.join(' ')}`))
      },
    ),
  )
})

t.test('finds the project from its folders, and by --root from elsewhere', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows, workers: 3 })
  const deep = join(project.root, 'workflows', 'deep')
  mkdirSync(deep)
  const Settings = z.object({
    root: z.string(),
    settings: z.array(z.object({ setting: z.string(), value: z.unknown(), source: z.string() })),
  })
  for (const [args, cwd] of [
    [['config', '--json'], deep],
    [['--root', project.root, 'config', '--json'], newFolder()],
    [['config', '--json', '--root', project.root], newFolder()],
  ] as const) {
    const { code, stdout } = await automate(t, args, { cwd })
    t.equal(code, 0)
    const { root, settings } = Settings.parse(JSON.parse(stdout))
    t.equal(root, project.root)
    t.match(
      settings.find(({ setting }) => setting === 'workers'),
      { value: 3, source: 'file' },
    )
  }
  const env = { AUTOMATE_WORKERS: '5' }
  const { stdout } = await project.run(['config', '--language', 'it'], { env })
  t.match(stdout, /workers +5 +ambiente +AUTOMATE_WORKERS/)
  t.match(stdout, /language +"it" +opzione/)
})

t.test('prints settings as people write them, and an empty setting by its meaning', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const schedule = {
    name: 'nightly',
    workflow: 'visits',
    every: '15m',
    activeHours: '08:00-20:00',
    jitter: '1m',
  }
  const config = {
    notify: { quietHours: '22:00-07:00' },
    domainWorkers: ['shop.example=2', '*=4'],
    schedules: [schedule],
  }
  writeFileSync(join(project.root, 'automate.config.ts'), `export default ${JSON.stringify(config)}\n`)
  const { stdout } = await project.run(['config'])
  t.match(stdout, /^notify .*"quietHours":"22:00-07:00"/m)
  t.match(stdout, /^domainWorkers +\["shop\.example=2","\*=4"\]/m)
  t.match(stdout, /^schedules .*"every":"15m","activeHours":"08:00-20:00","jitter":"1m","catchUp":"1h"/m)
  t.match(stdout, /^browser +detected +default/m)
  t.match(stdout, /^proxies +none +default/m)
})

t.test('without a project every command exits with 2 and names the remedy', async t => {
  await Promise.all(
    [['jobs'], ['--no-tui'], ['run', 'visits'], ['status', '--json']].map(async args => {
      const { code, stdout, stderr } = await automate(t, args, { cwd: newFolder() })
      t.equal(code, 2)
      t.match(
        stderr,
        /There is no automate\.config\.ts in .* or any folder above it\. Create a project with "automate-tui init <folder>".* --root <folder>/,
      )
      t.equal(stdout, '')
    }),
  )
})

const BROKEN: readonly (readonly [file: string, text: string, says: RegExp])[] = [
  [
    'automate.config.ts',
    'export default { workers: 0 }',
    /"workers" in automate\.config\.ts: must be 1 to 64/,
  ],
  [
    'automate.config.ts',
    'export default { wrokers: 2 }',
    /"wrokers" in automate\.config\.ts is not a setting/,
  ],
  ['automate.config.ts', 'export default 5', /automate\.config\.ts cannot be used/],
  ['automate.config.ts', 'export default {{', /automate\.config\.ts cannot be used: .*1:16/],
  ['automate.config.ts', 'throw new Error("what a day")', /automate\.config\.ts cannot be used: what a day/],
  ['automate.config.ts', 'process.exit(0)', /automate\.config\.ts cannot be used: it ended the process/],
  ['.env', 'AUTOMATE_WORKERS=many', /"workers" in AUTOMATE_WORKERS \(\.env\): must be a number/],
  ['.env', '# mine\nA="x\ny"\nAUTOMATE_WORKERS 3', /Line 4 of \.env is neither NAME=value nor a comment/],
  ['.env', 'AUTOMATE_HEADLESS=perhaps', /"headless" in AUTOMATE_HEADLESS \(\.env\): must be true or false/],
]

t.test('a broken configuration exits with 2 and names the file and the field', async t => {
  await Promise.all(
    BROKEN.map(async ([file, text, says]) => {
      const project = new JourneyProject(t, newFolder(), { workflows })
      writeFileSync(join(project.root, file), text)
      const { code, stderr } = await project.run(['jobs'])
      t.equal(code, 2, text)
      t.match(stderr, says)
    }),
  )
})

t.test('for a missing workflow, names each broken module that may contain it once', async t => {
  const files = {
    'workflows/five.ts': 'export default 5',
    'workflows/torn.ts': 'export default {{',
    'automate.config.ts': 'export default {}',
  }
  const project = new JourneyProject(t, newFolder(), { workflows, files })
  const { code, stderr } = await project.run(['run', 'five'])
  t.equal(code, 2)
  const [none, five, torn, ...more] = stderr.trimEnd().split('\n')
  t.match(none, /^automate-tui: There is no workflow "five"\. The workflows are: none\.$/)
  t.match(five, /^workflows.five\.ts does not export a workflow\. /)
  t.match(torn, /^workflows.torn\.ts cannot be loaded: .* workflows.torn\.ts:1:16: /)
  t.same(more, [])
  t.notMatch(stderr, project.root)
})

t.test('an invalid browser exits with 4 and names the setting', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const env = { AUTOMATE_BROWSER: join(project.root, 'no-chrome') }
  for (const args of [
    ['--no-tui', '--until-idle'],
    ['run', 'succeeds-late', '--input', 'at=1'],
    ['worker', 'succeeds-late', '--input', 'at=1'],
  ]) {
    const { code, stderr } = await project.run(args, { env })
    t.equal(code, 4, args.join(' '))
    t.match(stderr, /no-chrome.*Set it to the path/)
  }
})
