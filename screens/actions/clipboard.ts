import { dispatchCommand, logActivity } from '../binding.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import type { OperatorCommand } from '../../lib/app/port/snapshot.ts'
import type { State, Step } from '../state.ts'

interface Copy {
  /** Name of the file that the text is saved in if the terminal has no clipboard. */
  readonly name: Extract<OperatorCommand, { type: 'text.save' }>['name']
  readonly text: string
  readonly said: string
  readonly inFile: string
}

/**
 * Returns why nothing can be copied; null if a copy is possible. Without a clipboard the text is
 * saved in a file, and a read-only console writes no files.
 */
export const whyNotCopy = ({ readOnly, clipboard }: State, { unavailable }: Catalogue): string | null =>
  readOnly && !clipboard ? unavailable.readOnly : null

/**
 * Copies a text to the terminal's clipboard, or saves it in a file if the terminal has no
 * clipboard.
 */
export function copyText(state: State, key: string, { name, text, said, inFile }: Copy): Step {
  if (state.clipboard) return [logActivity(state, key, said), [{ type: 'copy', text }]]
  return dispatchCommand(state, key, { type: 'text.save', name, text: `${text}\n` }, inFile)
}
