import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from '../test/helpers/terminal.ts'
import type { TerminalDriver } from '../test/helpers/terminal.ts'
import { svgOf } from '../test/helpers/picture.ts'

/** Takes pictures of the real screens while the demo runs, for the README: `npm run pictures`. */

const FOLDER = join(import.meta.dirname, '../.github/pictures')
const PROGRAM = join(import.meta.dirname, '../bin/automate-tui.ts')

// The folder's name is shown on every picture.
const parent = mkdtempSync(join(tmpdir(), 'automate-tui-pictures-'))
const root = join(parent, 'wine-street')
mkdirSync(root)
mkdirSync(FOLDER, { recursive: true })
const terminal = spawn(process.execPath, [PROGRAM, '--root', root, 'demo'], {
  cols: 120,
  rows: 40,
  env: { LC_ALL: 'en_GB.UTF-8', NO_COLOR: undefined, AUTOMATE_LANGUAGE: undefined },
})

function take(name: string, console: TerminalDriver): void {
  const svg = svgOf(console.cells(), `automate-tui: ${name}`)
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
  await terminal.waitFor(/phase 2\/2 hunt_prices started/)
  take('worker', terminal)
  terminal.press('?')
  await terminal.waitFor('Start the selected service')
  take('help', terminal)
  terminal.press('?')
  terminal.press('1')
  await terminal.waitFor('3 done')
  terminal.press('q')
  await terminal.exited
} finally {
  terminal.close()
  rmSync(parent, { recursive: true, force: true, maxRetries: 10 })
}
