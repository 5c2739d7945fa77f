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

/** The row in plain ASCII, cell for cell, for terminals that draw nothing else. */
export function asciiRow(row: Row): Row {
  return row.map(({ text, style }) => ({ text: cellsOf(text).map(asciiCell).join(''), style }))
}

function asciiCell(cell: string): string {
  // The second half of a wide character gets a sign of its own, so that nothing moves.
  if (cell === '') return '?'
  if (/^[ -~]$/.test(cell)) return cell
  const letter = cell.normalize('NFD').charAt(0)
  return SIGNS.get(cell) ?? (/^[ -~]$/.test(letter) ? letter : '?')
}
