import { StringDecoder } from 'node:string_decoder'
import { sanitiseBlock } from '../text/sanitise.ts'

/** Matches SGR sequences (colours, bold), which change only the style of the text after them. */
const COLOUR = /(\u001b\[[0-9;]*m)/

/**
 * Matches the end of a chunk that may be an incomplete escape sequence, or the first half of a
 * Windows line ending, and may continue in the next chunk.
 */
const OPEN_END = /(?:\u001b(?:\[[0-?]*[ -/]*|[\]PX^_][^\u0007\u001b]*\u001b?)?|\u009b[0-?]*[ -/]*|\r)$/

/**
 * Maximum length of an incomplete escape sequence. Longer text is not a sequence, and is no longer
 * held back.
 */
const LONGEST_OPEN = 4_000

/**
 * Sanitises the output of another program for a terminal, chunk by chunk. Colours are preserved.
 * All other control characters are replaced by a visible symbol.
 */
export class HarmlessStream {
  private readonly decoder = new StringDecoder('utf8')
  private rest = ''

  /** Adds a chunk, and returns the text that can be written now. */
  write(piece: string | Uint8Array): string {
    const text = this.rest + (typeof piece === 'string' ? piece : this.decoder.write(Buffer.from(piece)))
    const open = OPEN_END.exec(text.slice(-LONGEST_OPEN))?.[0] ?? ''
    this.rest = open.length === LONGEST_OPEN ? '' : open
    return harmless(text.slice(0, text.length - this.rest.length))
  }

  /** Returns the text that was held back. Call this once the output has ended. */
  end(): string {
    const left = this.rest + this.decoder.end()
    this.rest = ''
    return harmless(left)
  }
}

/** Sanitises a text except for its colours, which are every second part of the split. */
function harmless(text: string): string {
  return text
    .split(COLOUR)
    .map((part, index) => (index % 2 === 1 ? part : sanitiseBlock(part, Infinity)))
    .join('')
}
