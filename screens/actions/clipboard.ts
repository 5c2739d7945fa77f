import { dispatchCommand, logActivity } from '../binding.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import type { OperatorCommand } from '../../lib/app/port/snapshot.ts'
import type { State, Step } from '../state.ts'

interface Copy {
  /** What its file is called. */
  readonly name: Extract<OperatorCommand, { type: 'text.save' }>['name']
  readonly text: string
  readonly said: string
  readonly inFile: string
}

/** Why nothing can be copied: where the terminal takes nothing it goes to a file, and a console that only watches writes none. */
export const whyNotCopy = ({ readOnly, clipboard }: State, { unavailable }: Catalogue): string | null =>
  readOnly && !clipboard ? unavailable.readOnly : null

/** Copies a text into the clipboard of the terminal, or into a file where it takes nothing. */
export function copyText(state: State, key: string, { name, text, said, inFile }: Copy): Step {
  if (state.clipboard) return [logActivity(state, key, said), [{ type: 'copy', text }]]
  return dispatchCommand(state, key, { type: 'text.save', name, text: `${text}\n` }, inFile)
}
