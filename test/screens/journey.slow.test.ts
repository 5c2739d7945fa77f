import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { OPERATOR_COMMANDS } from '../fixtures/console/operator-commands.ts'
import { spawn } from '../helpers/terminal/terminal.ts'
import type { TerminalDriver } from '../helpers/terminal/terminal.ts'
import { betweenSettings, restored, restoredWithoutShell } from '../helpers/terminal/terminal-shell.ts'

const ENTRY = join(import.meta.dirname, '../fixtures/console/console.entry.ts')
const ENVIRONMENT = { LC_ALL: 'en_GB.UTF-8', NO_COLOR: undefined, TMUX: undefined }
const POSIX = process.platform !== 'win32'

interface Opened {
  readonly terminal: TerminalDriver
  readonly commands: () => unknown[]
  /** Returns the process id of the console, not of the shell around it. */
  readonly pid: () => number
}

function open(t: Test, cols: number, rows: number): Opened {
  const record = join(t.testdir(), 'commands.jsonl')
  writeFileSync(record, '')
  const options = { cols, rows, env: ENVIRONMENT }
  const line = betweenSettings([process.execPath, ENTRY, record])
  const terminal = POSIX
    ? spawn('/bin/sh', ['-c', line], options)
    : spawn(process.execPath, [ENTRY, record], options)
  t.teardown(() => terminal.close())
  return {
    terminal,
    commands: () => OPERATOR_COMMANDS.parse(readFileSync(record, 'utf8')),
    pid: () => Number(readFileSync(`${record}.pid`, 'utf8')),
  }
}

/** Requests of two presses of the key `l`, to Italian and back. */
const LANGUAGES = ['it', 'en'].map(language => ({ type: 'language.choose', language }))

const ended = POSIX ? restored : restoredWithoutShell

for (const [cols, rows] of [
  [80, 24],
  [120, 40],
] as const) {
  t.test(`an operator uses the console key by key at ${cols}×${rows}`, async t => {
    const { terminal, commands } = open(t, cols, rows)
    await terminal.waitFor('add_step')
    await terminal.waitFor('? Help')
    t.match(terminal.modes(), { alternate: true, mouse: 'vt200', paste: true, cursor: false })

    t.comment('a key changes the language, and back')
    terminal.press('l')
    await terminal.waitFor('Cruscotto')
    await terminal.waitFor('lingua: Italiano')
    terminal.press('l')
    await terminal.waitFor('language: English')

    t.comment('help shows every key')
    terminal.press('?')
    await terminal.waitFor('These keys work here')
    terminal.press('escape')
    await terminal.waitFor('Memory')

    t.comment('a command is found by its name')
    terminal.press(':')
    await terminal.waitFor('Type a name.')
    terminal.type('crashe')
    await terminal.waitFor(/› Crashes +5/)
    terminal.press('enter')
    await terminal.waitFor('opened Crashes')
    terminal.press('1')
    await terminal.waitFor('opened Dashboard')

    t.comment('the second worker is shown in detail')
    terminal.press('down')
    terminal.press('enter')
    await terminal.waitFor('Worker #128·2/4')
    await terminal.waitFor('to come')
    terminal.press('escape')
    await terminal.waitFor('Time of limit')

    t.comment('a paste presses no keys')
    terminal.paste('qqx\r\r')
    await terminal.waitFor('Pasted text is ignored')
    t.same(commands(), LANGUAGES)

    t.comment('cancelling a job names it, and keeps it by default')
    terminal.press('x')
    await terminal.waitFor('Cancel job 128 (cheapest-offer)?')
    terminal.press('enter')
    await terminal.waitFor('no change')
    t.same(commands(), LANGUAGES)
    terminal.press('x')
    await terminal.waitFor('Keep it running')
    terminal.press('down')
    terminal.press('enter')
    await terminal.waitFor('asked for job 128 to be cancelled → done')
    t.same(commands(), [...LANGUAGES, { type: 'job.cancel', id: 128 }])

    t.comment('a service is stopped, and an unavailable key shows the reason')
    terminal.press('S-tab')
    terminal.press('s')
    await terminal.waitFor('scheduler is running already')
    terminal.press('down')
    terminal.press('x')
    await terminal.waitFor('asked for service cron to stop → done')
    t.same(commands().at(-1), { type: 'service.stop', name: 'cron' })

    t.comment('the terminal has any size at any time')
    terminal.resize(40, 10)
    await terminal.waitFor(screen => screen[0]?.startsWith(' Dashboard') === true && screen.length === 10)
    terminal.resize(cols, rows)
    await terminal.waitFor('1 Dashboard')

    t.comment('the mouse opens a screen')
    terminal.click(18, 1)
    await terminal.waitFor('opened Jobs')

    t.comment('quitting asks, stays by default, then drains')
    terminal.press('q')
    await terminal.waitFor('5 jobs are running')
    terminal.press('enter')
    await terminal.waitFor('no change')
    terminal.press('C-c')
    await terminal.waitFor('Stay')
    terminal.press('down')
    terminal.press('enter')
    await terminal.waitFor('ended: {"reason":"quit-drain"}')
    t.same(commands().at(-1), { type: 'quit', mode: 'drain' })
    await ended(t, terminal, 0)
  })
}

t.test('a console that ends by a signal restores the terminal first', { skip: !POSIX }, async t => {
  const { terminal, pid } = open(t, 80, 24)
  await terminal.waitFor('add_step')
  process.kill(pid(), 'SIGTERM')
  await terminal.waitFor('ended: {"reason":"terminated","signal":"SIGTERM"}')
  await ended(t, terminal, 0)
})

t.test('an uncaught error is printed after the terminal is restored', async t => {
  const { terminal } = open(t, 80, 24)
  await terminal.waitFor('add_step')
  terminal.press('S-tab')
  terminal.press('G')
  terminal.press('s')
  await terminal.waitFor('planted bug')
  await ended(t, terminal, 1)
})
