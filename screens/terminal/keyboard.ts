import { StringDecoder } from 'node:string_decoder'
import { Tokenizer } from './tokens.ts'
import type { Token } from './tokens.ts'

/** Input of a terminal: `process.stdin`, or an equivalent. */
export type TerminalInput = NodeJS.ReadableStream & {
  readonly isRaw?: boolean
  setRawMode?(on: boolean): unknown
}

/**
 * Time to wait for the rest of a sequence after a lone ESC. A terminal sends a sequence in one
 * piece or nearly so, and a person takes longer to press the next key.
 */
const ESCAPE_WAIT_MS = 40

export interface Keyboard {
  /** Sets raw mode again, after the process was stopped and continued. */
  resume(): void
  /**
   * Stops reading, and leaves raw mode if `terminalReads` is true. If the terminal does not read,
   * leaving raw mode would block until the terminal has taken all output. Node leaves raw mode
   * itself when the process ends.
   */
  close(terminalReads: boolean): void
}

/**
 * Reads the terminal's input in raw mode, and calls `onToken` for each token. Calls `onEnd` when
 * the terminal has closed.
 */
export function openKeyboard(
  input: TerminalInput,
  onToken: (token: Token) => void,
  onEnd: () => void,
): Keyboard {
  const wasRaw = input.isRaw === true
  const decoder = new StringDecoder('utf8')
  const tokenizer = new Tokenizer()
  let timer: NodeJS.Timeout | undefined
  const onData = (chunk: Buffer | string) => {
    clearTimeout(timer)
    tokenizer.feed(typeof chunk === 'string' ? chunk : decoder.write(chunk)).forEach(onToken)
    if (tokenizer.waiting) timer = setTimeout(() => tokenizer.flush().forEach(onToken), ESCAPE_WAIT_MS)
  }
  input.setRawMode?.(true)
  input.on('data', onData)
  input.on('end', onEnd)
  input.on('error', onEnd)
  input.resume()
  return {
    resume: () => input.setRawMode?.(true),
    close: terminalReads => {
      clearTimeout(timer)
      input.removeListener('data', onData)
      input.removeListener('end', onEnd)
      input.removeListener('error', onEnd)
      // A pending read may still fail after the terminal has closed.
      input.on('error', () => undefined)
      if (terminalReads) input.setRawMode?.(wasRaw)
      input.pause()
    },
  }
}
