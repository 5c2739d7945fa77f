import type { Row } from './row.ts'
import { cellsOf } from './text.ts'

const SIGNS = new Map(
  Object.entries({
    '─': '-',
    '━': '=',
    '│': '|',
    '╭': '+',
    '╮': '+',
    '╰': '+',
    '╯': '+',
    '●': '*',
    '○': 'o',
    '◐': '~',
    '◑': '~',
    '■': '#',
    '◆': '!',
    '▶': '>',
    '✓': '+',
    '✗': 'x',
    '›': '>',
    '·': '.',
    '…': '~',
    '→': '>',
    '↑': '^',
    '↓': 'v',
    '’': "'",
    '⏎': '/',
    '␛': '^',
    '▁': '_',
    '▂': '_',
    '▃': '.',
    '▄': '-',
    '▅': '-',
    '▆': '=',
    '▇': '=',
    '█': '#',
  }),
)

/** Returns the row in plain ASCII, cell for cell, for terminals that have no other characters. */
export function asciiRow(row: Row): Row {
  return row.map(({ text, style }) => ({ text: cellsOf(text).map(asciiCell).join(''), style }))
}

function asciiCell(cell: string): string {
  // The second half of a wide character becomes a character of its own, so that no cell moves.
  if (cell === '') return '?'
  if (/^[ -~]$/.test(cell)) return cell
  const letter = cell.normalize('NFD').charAt(0)
  return SIGNS.get(cell) ?? (/^[ -~]$/.test(letter) ? letter : '?')
}
