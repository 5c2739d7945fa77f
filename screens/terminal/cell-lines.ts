import type { Widgets } from 'blessed'

/** One cell as blessed keeps it: attributes packed in a number, and a character. */
export type BlessedCell = [number, string]

/** A line is drawn again when it is dirty. */
export type BlessedLine = BlessedCell[] & { dirty?: boolean }

/** The cells that blessed draws next (`lines`), and those that it has drawn (`olines`). The typings leave them out. */
export function cellLines(screen: Widgets.Screen, which: 'lines' | 'olines'): readonly BlessedLine[] {
  const lines: unknown = Reflect.get(screen, which)
  return isCellLines(lines) ? lines : []
}

const isCellLines = (lines: unknown): lines is BlessedLine[] => Array.isArray(lines)
