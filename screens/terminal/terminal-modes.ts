import { sanitiseLine } from '../../lib/core/text/sanitise.ts'
import type { Taskbar } from '../view/drawing/row.ts'

const ESC = '\u001b'
export const BELL = '\u0007'

const TITLE_SAVE = `${ESC}[22;0t`
const TITLE_RESTORE = `${ESC}[23;0t`
const PASTE_ON = `${ESC}[?2004h`
const PASTE_OFF = `${ESC}[?2004l`
/**
 * Reports of presses and of the wheel (1000), in the encoding without a limit on columns (1006).
 */
const MOUSE_ON = `${ESC}[?1000h${ESC}[?1006h`
const MOUSE_OFF = `${ESC}[?1006l${ESC}[?1000l`
const CURSOR_SHOW = `${ESC}[?25h`
const STYLE_RESET = `${ESC}[0m`

/** Returns the sequence that switches modes on, in addition to blessed's own alternate screen. */
export const enterModes = (mouse: boolean): string => TITLE_SAVE + PASTE_ON + (mouse ? MOUSE_ON : '')

/** Sequence that switches all these modes off, whichever of them are on. */
export const LEAVE_MODES = MOUSE_OFF + PASTE_OFF + STYLE_RESET + CURSOR_SHOW + TITLE_RESTORE

export const mouseMode = (on: boolean): string => (on ? MOUSE_ON : MOUSE_OFF)

/**
 * Returns the sequence that sets the title of the terminal's window. Characters that could end the
 * sequence are left out.
 */
export function titleSequence(title: string): string {
  return `${ESC}]0;${title.replace(/[\u0000-\u001f\u007f-\u009f]/g, '')}${BELL}`
}

/**
 * Numbers of the states in the sequence for progress, which ConEmu defined and Windows Terminal
 * documents: https://learn.microsoft.com/windows/terminal/tutorials/progress-bar-sequences
 */
const PROGRESS = { idle: 0, going: 1, failed: 2, busy: 3, waiting: 4 } as const satisfies Record<
  Taskbar['state'],
  number
>

/** Returns the sequence that shows progress on the window's button in the taskbar (OSC 9;4). */
export function taskbarSequence({ state, percent }: Taskbar): string {
  return `${ESC}]9;4;${PROGRESS[state]};${percent}${BELL}`
}

/** Maximum length of a desktop notification, in characters. Desktops show about as much. */
const NOTIFICATION_LIMIT = 200

/**
 * Returns the sequence that shows a text as a desktop notification (OSC 9). The text begins with
 * the program's name, because some terminals interpret a text that begins with a digit as another
 * sequence. Characters that could end the sequence are left out.
 */
export function notification(text: string): string {
  return `${ESC}]9;automate-tui: ${sanitiseLine(text, NOTIFICATION_LIMIT).replace(/[\u0000-\u001f\u007f-\u009f]/g, '')}${BELL}`
}

/**
 * Returns the sequence that copies a text to the terminal's clipboard (OSC 52). The text is Base64,
 * which cannot contain the end of the sequence.
 */
export function clipboardSequence(text: string): string {
  return `${ESC}]52;c;${Buffer.from(text, 'utf8').toString('base64')}${BELL}`
}
