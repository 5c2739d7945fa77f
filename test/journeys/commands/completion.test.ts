import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { automate } from '../../helpers/program/automate.ts'
import { PROGRAM } from '../../helpers/program/built-program.ts'
import { pathWithProgram } from '../../helpers/program/on-path.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { spawn } from '../../helpers/terminal/terminal.ts'

const root = newFolder()
mkdirSync(join(root, 'workflows'))
writeFileSync(join(root, 'automate.config.ts'), '')
const HOSTILE = ['$(id).ts', 'a;id.ts', 'A b.ts']
for (const name of ['page-title.ts', 'page-title.test.ts', 'orders.ts', '_shared.ts', ...HOSTILE])
  writeFileSync(join(root, 'workflows', name), '')

/** Returns the completions that `complete` prints, without their descriptions. */
async function next(words: readonly string[], current: string): Promise<string[]> {
  const { code, stdout, stderr } = await automate(t, ['complete', `--current=${current}`, '--', ...words], {
    cwd: root,
  })
  if (code !== 0) throw new Error(stderr)
  return stdout.split('\n').flatMap(line => (line === '' ? [] : (line.split('\t')[0] ?? '')))
}

t.test('completes commands, options and names of the project', async t => {
  const cases: readonly (readonly [
    words: readonly string[],
    current: string,
    expected: readonly string[],
  ])[] = [
    [[], 'sc', ['schedules']],
    [[], '--until', ['--until-idle']],
    [['schedules'], 're', ['remove', 'resume']],
    [['--root', 'x', 'db'], 'b', ['backup']],
    [['--language'], '', ['en', 'it']],
    [['run'], '', ['orders', 'page-title']],
    [['run', 'orders'], '', []],
    [['jobs'], '--wor', ['--workflow', '--workers']],
    [['jobs', '--workflow'], 'p', ['page-title']],
    [['jobs', '--dead', '--state'], 'pa', ['parked']],
    [['jobs'], '--state=f', ['--state=failed']],
    [['services', 'stop'], '', ['scheduler', 'cron', 'notifier', 'janitor']],
    [['completion'], 'f', ['fish']],
    [['run', 'orders', '--input-file'], '', []],
    [['nonsense'], 's', []],
  ]
  await Promise.all(
    cases.map(async ([words, current, expected]) => {
      t.same(await next(words, current), expected, [...words, current].join(' '))
    }),
  )
})

t.test(
  'completes no names of a project that other users can write',
  { skip: process.platform === 'win32' && 'Windows has access control lists: see test/bin/require-trust' },
  async t => {
    const folder = newFolder()
    mkdirSync(join(folder, 'workflows'))
    writeFileSync(join(folder, 'automate.config.ts'), '')
    writeFileSync(join(folder, 'workflows', 'planted.ts'), '')
    const names = async (args: readonly string[] = [], trust?: string) => {
      const env = { AUTOMATE_TRUST: trust }
      return (await automate(t, [...args, 'complete', '--', 'run'], { cwd: folder, env })).stdout
    }
    chmodSync(folder, 0o777)
    t.equal(await names(), '')
    t.equal(await names(['--root', folder]), '')
    t.equal(await names([], folder), 'planted\t\n')
    chmodSync(folder, 0o755)
    t.equal(await names(), 'planted\t\n')
    chmodSync(join(folder, 'workflows'), 0o777)
    t.equal(await names(), '')
  },
)

t.test('completion creates nothing in a project, and offers no names outside a project', async t => {
  const { stdout } = await automate(t, ['complete', '--', 'run'], { cwd: newFolder() })
  t.equal(stdout, '')
})

const wanted = await automate(t, ['completion', 'tcsh'])
t.match(wanted, { code: 2, stderr: /Allowed choices are bash, zsh, fish, powershell/ })

const there = (shell: string) => spawnSync(shell, ['-c', 'exit 0']).status === 0

/**
 * Arguments that start each shell without the settings of its user, and the command that installs
 * the completion.
 */
const SHELLS = [
  ['bash', ['--noprofile', '--norc', '-i'], 'source <(automate-tui completion bash)'],
  ['zsh', ['-f', '-i'], 'autoload -Uz compinit; compinit -D; source <(automate-tui completion zsh)'],
  ['fish', ['--no-config', '-i'], 'automate-tui completion fish | source'],
] as const

for (const [shell, args, setup] of SHELLS) {
  t.test(`Tab completes in ${shell}`, { skip: !there(shell) && `there is no ${shell} here` }, async t => {
    const env = {
      PATH: pathWithProgram(),
      PS1: '> ',
      TERM: 'xterm-256color',
      HOME: newFolder(),
      ZDOTDIR: newFolder(),
    }
    const terminal = spawn(shell, args, { cols: 100, rows: 30, cwd: root, env })
    t.teardown(() => terminal.close())
    terminal.type(`${setup}; echo rea''dy\r`)
    await terminal.waitFor(rows => rows.some(row => row.startsWith('ready')))
    terminal.type('automate-tui sched\t')
    await terminal.waitFor(/automate-tui schedules$/m)
    terminal.type('ad\t')
    await terminal.waitFor(/automate-tui schedules add$/m)
    terminal.type('nightly pa\t')
    await terminal.waitFor(/automate-tui schedules add nightly page-title$/m)
    terminal.type('--ove\t')
    await terminal.waitFor(/page-title --overlap$/m)
    terminal.type('rep\t')
    await terminal.waitFor(/--overlap replace$/m)
    t.pass()
  })
}

t.test('PowerShell accepts its script', { skip: !there('pwsh') && 'there is no PowerShell here' }, t => {
  const script = execFileSync(process.execPath, [PROGRAM, 'completion', 'powershell'], { encoding: 'utf8' })
  const ask = `${script}; (TabExpansion2 'automate-tui sched' 18).CompletionMatches.CompletionText`
  const said = execFileSync('pwsh', ['-NoProfile', '-Command', ask], {
    encoding: 'utf8',
    cwd: root,
    env: { ...process.env, PATH: pathWithProgram() },
  })
  t.equal(said.trim(), 'schedules')
  t.end()
})
