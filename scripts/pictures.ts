import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from '../test/helpers/terminal/terminal.ts'
import type { TerminalDriver } from '../test/helpers/terminal/terminal.ts'
import { svgOf } from '../test/helpers/terminal/picture.ts'

/** Takes the README's pictures of the real screens while the demo runs: `npm run pictures`. */

const FOLDER = join(import.meta.dirname, '../.github/pictures')
const CHECKOUT = join(import.meta.dirname, '..')
const PROGRAM = join(import.meta.dirname, '../bin/automate-tui.ts')

// Every picture shows the name of this folder.
const parent = mkdtempSync(join(tmpdir(), 'automate-tui-pictures-'))
const root = join(parent, 'wine-street')
mkdirSync(root)
mkdirSync(FOLDER, { recursive: true })
const terminal = spawn(process.execPath, [PROGRAM, '--root', root, 'demo'], {
  cols: 120,
  rows: 40,
  env: { LC_ALL: 'en_GB.UTF-8', NO_COLOR: undefined, AUTOMATE_LANGUAGE: undefined },
})

/** Runs a command on the console's project, while the console runs. */
function command(...args: readonly string[]): void {
  execFileSync(process.execPath, [PROGRAM, ...args, '--root', root], { stdio: 'ignore' })
}

/**
 * Screens of the keys 2 to 8. Each picture is taken once the screen has content. The picture of the
 * worker's screen exists already, because it was taken while the worker was working.
 */
const SCREENS = [
  ['2', 'jobs', /opened Jobs/],
  ['4', 'logs', /opened Logs/],
  ['5', 'crashes', /Stack[^]*opened Crashes/],
  ['6', 'database', /cheapest-offer[^]*opened Database/],
  ['7', 'schedules', /nightly[^]*opened Schedules/],
  ['8', 'settings', /opened Settings/],
] as const

function take(name: string, console: TerminalDriver): void {
  // The path of this checkout is private, so it is replaced.
  const svg = svgOf(console.cells(), `automate-tui: ${name}`).replaceAll(CHECKOUT, '/automate-tui')
  writeFileSync(join(FOLDER, `${name}.svg`), svg)
  process.stdout.write(`${name}.svg ${Math.ceil(svg.length / 1024)} kB\n`)
}

try {
  await terminal.waitFor(/2\/2 hunt_prices[^]*[3-6]\/6 \w+/)
  take('dashboard', terminal)
  terminal.press('l')
  await terminal.waitFor('lingua: Italiano')
  take('cruscotto', terminal)
  terminal.press('l')
  await terminal.waitFor('language: English')
  terminal.press('enter')
  await terminal.waitFor(/Its log[^]*phase 2\/2 hunt_prices started/)
  take('worker', terminal)
  terminal.press('?')
  await terminal.waitFor('These keys work here')
  take('help', terminal)
  terminal.press('?')
  const goes = ['--input', 'site=http://127.0.0.1:49151/']
  command('schedules', 'add', 'nightly', 'place-order', '--cron', '30 2 * * *', ...goes)
  command('schedules', 'add', 'offers', 'place-order', '--every', '4h', '--active', '08:00-20:00', ...goes)
  // No server responds at this address, so the job crashes for the picture.
  command('enqueue', 'place-order', ...goes)
  await terminal.waitFor('3 done')
  for (const [key, name, shows] of SCREENS) {
    terminal.press(key)
    await terminal.waitFor(shows)
    take(name, terminal)
  }
  // If the job has already ended, there is nothing to cancel, and the error is ignored.
  spawnSync(process.execPath, [PROGRAM, 'cancel', '4', '--root', root], { stdio: 'ignore' })
  // The console does not ask before it quits if no jobs are running.
  terminal.press('1')
  await terminal.waitFor(/running +0[^]*Workers ─+ 0\/\d+ ─/)
  terminal.press('q')
  await terminal.exited
} finally {
  terminal.close()
  rmSync(parent, { recursive: true, force: true, maxRetries: 10 })
}
