import type { Test } from 'tap'
import type { TerminalDriver } from './terminal.ts'
import { until } from '../until.ts'

/** Modes of a terminal before and after a full-screen program. */
const UNTOUCHED = { alternate: false, mouse: 'none', paste: false, cursor: true, applicationKeys: false }

/**
 * Returns the command line for a shell: the program between two prints of the terminal's line
 * settings. The shell ends when it has read a line, because the last output of a closing terminal
 * can be lost.
 */
export function betweenSettings(words: readonly string[]): string {
  return `stty -g; ${words.map(word => `'${word}'`).join(' ')}; echo "code $?"; stty -g; read line`
}

/**
 * Waits for the end of the program in the shell, checks that the terminal is restored, and ends the
 * shell.
 */
export async function restored(t: Test, terminal: TerminalDriver, code: number): Promise<void> {
  const settings = () => terminal.output().match(/^[0-9a-f]+(?::[0-9a-f]+){10,}(?=\r?\n)/gm) ?? []
  await terminal.waitFor(`code ${code}`)
  await until('the line settings', () => settings().length === 2)
  t.same(terminal.modes(), UNTOUCHED, 'the modes of the terminal are restored')
  t.equal(settings()[0], settings()[1], 'the line settings of the terminal are restored')
  terminal.press('enter')
  await terminal.untilExited()
}

/**
 * Waits for the end of a program without a shell, as on Windows, and checks that the terminal is
 * restored.
 */
export async function restoredWithoutShell(t: Test, terminal: TerminalDriver, code: number): Promise<void> {
  const exit = await terminal.untilExited()
  t.equal(exit.exitCode, code)
  t.same(terminal.modes(), UNTOUCHED, 'the modes of the terminal are restored')
}
