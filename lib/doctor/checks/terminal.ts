import { ok, warning } from '../check.ts'
import type { Check } from '../check.ts'

/** Minimum size of the terminal, in cells, at which the console works. */
const SMALLEST = { columns: 40, rows: 10 }

/** Minimum number of colours. With 8, the panes are hard to distinguish. */
const ENOUGH_COLOURS = 16

/** Checks that this terminal can show the console well. */
export const terminalCheck: Check = {
  id: 'terminal',
  ofProject: false,
  run({ words: { terminal } }) {
    const { stdout, env } = process
    if (!stdout.isTTY) return ok(terminal.none)
    if (env['TERM'] === 'dumb') return warning(terminal.dumb, terminal.dumbRemedy)
    const { columns, rows } = stdout
    if (columns < SMALLEST.columns || rows < SMALLEST.rows)
      return warning(terminal.small(columns, rows), terminal.smallRemedy)
    if (!speaksUtf8(env)) return warning(terminal.notUtf8, terminal.notUtf8Remedy)
    const count = 2 ** stdout.getColorDepth(env)
    const colours = terminal.colours(count)
    if (count < ENOUGH_COLOURS) return warning(terminal.fewColours(colours), terminal.fewColoursRemedy)
    return ok(terminal.good(columns, rows, colours))
  },
}

/**
 * True if the terminal's encoding is UTF-8. The variables are read in the order that POSIX defines.
 * Always true on Windows, where Node writes UTF-8 to a console with any code page.
 */
function speaksUtf8(env: NodeJS.ProcessEnv): boolean {
  if (process.platform === 'win32') return true
  const charset = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(
    value => value !== undefined && value !== '',
  )
  return process.platform === 'darwin' || /utf-?8/i.test(charset ?? '')
}
