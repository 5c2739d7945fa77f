import { StringDecoder } from 'node:string_decoder'
import { sanitiseBlock } from '../text/sanitise.ts'

/** Matches colours and bold, which change only the style of the text after them. */
const COLOUR = /(\u001b\[[0-9;]*m)/

/**
 * Matches the end of a piece that can continue as a sequence in the next one, or as the end of a
 * line on Windows.
 */
const OPEN_END = /(?:\u001b(?:\[[0-?]*[ -/]*|[\]PX^_][^\u0007\u001b]*\u001b?)?|\u009b[0-?]*[ -/]*|\r)$/

/** Longest open sequence. A longer one is not a sequence, and is not waited for. */
const LONGEST_OPEN = 4_000

/**
 * Sanitises the output of another program for a terminal, piece by piece. Colours stay. Any other
 * control character is shown as a sign.
 */
export class HarmlessStream {
  private readonly decoder = new StringDecoder('utf8')
  private rest = ''

  /** Returns the text that can be written after this piece. */
  write(piece: string | Uint8Array): string {
    const text = this.rest + (typeof piece === 'string' ? piece : this.decoder.write(Buffer.from(piece)))
    const open = OPEN_END.exec(text.slice(-LONGEST_OPEN))?.[0] ?? ''
    this.rest = open.length === LONGEST_OPEN ? '' : open
    return harmless(text.slice(0, text.length - this.rest.length))
  }

  /** Returns the remaining text at the end. */
  end(): string {
    const left = this.rest + this.decoder.end()
    this.rest = ''
    return harmless(left)
  }
}

/** Every second part is a colour. */
function harmless(text: string): string {
  return text
    .split(COLOUR)
    .map((part, index) => (index % 2 === 1 ? part : sanitiseBlock(part, Infinity)))
    .join('')
}
