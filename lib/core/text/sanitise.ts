import { knownSecrets } from '../secrets/known-secrets.ts'

/**
 * Text from pages, errors and other programs is untrusted, because a terminal would interpret its
 * escape sequences, C0 and C1 controls and bidirectional overrides. Such text enters the program
 * only through this module, which replaces each dangerous character with a visible symbol.
 */

// CSI sequences, OSC/DCS/PM/APC strings and two-character escapes. Below, the rest of C0 (except
// tab and newline), DEL and C1.
const ESCAPE_SEQUENCES =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]?|\u009b[0-?]*[ -/]*[@-~]/g
const LINE_ENDS = /\r\n|[\u2028\u2029]/g
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
const BIDI_AND_INVISIBLE =
  /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/g

/**
 * Maximum length of a text from outside, in UTF-16 units, because a page title can have a megabyte.
 */
export const TEXT_LIMIT = 4_000

/**
 * Sanitises text of several lines, such as a stack trace or a log excerpt. Preserves newlines and
 * tabs, and cuts the text after `limit` characters.
 */
export function sanitiseBlock(text: string, limit = TEXT_LIMIT): string {
  const cut = text.length > limit ? `${knownSecrets.head(text, limit)}…` : text
  return cut
    .replace(LINE_ENDS, '\n')
    .replace(ESCAPE_SEQUENCES, '␛')
    .replace(CONTROLS, '·')
    .replace(BIDI_AND_INVISIBLE, '·')
    .toWellFormed()
}

/**
 * Sanitises text for one line, such as a step, a title, a message or a cell. Newlines become "⏎"
 * and tabs become spaces.
 */
export function sanitiseLine(text: string, limit = TEXT_LIMIT): string {
  return sanitiseBlock(text, limit).replaceAll('\n', ' ⏎ ').replaceAll('\t', ' ')
}
