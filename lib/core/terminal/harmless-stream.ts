import { StringDecoder } from 'node:string_decoder'
import { sanitiseBlock } from '../text/sanitise.ts'

/** Colours and bold: they change no more than how the text after them looks. */
const COLOUR = /(\u001b\[[0-9;]*m)/

/** The end of a piece that can go on as a sequence in the next one, or as the end of a line on Windows. */
const OPEN_END = /(?:\u001b(?:\[[0-?]*[ -/]*|[\]PX^_][^\u0007\u001b]*\u001b?)?|\u009b[0-?]*[ -/]*|\r)$/

/** A sequence that does not end is none, and is not waited for. */
const LONGEST_OPEN = 4_000

/** Makes harmless what another program prints on a terminal, piece by piece: colours stay, all that would do more is shown as a sign. */
export class HarmlessStream {
  private readonly decoder = new StringDecoder('utf8')
  private rest = ''

  /** Returns what can be written now of all pieces so far. */
  write(piece: string | Uint8Array): string {
    const text = this.rest + (typeof piece === 'string' ? piece : this.decoder.write(Buffer.from(piece)))
    const open = OPEN_END.exec(text.slice(-LONGEST_OPEN))?.[0] ?? ''
    this.rest = open.length === LONGEST_OPEN ? '' : open
    return harmless(text.slice(0, text.length - this.rest.length))
  }

  /** Returns what is left when no piece follows. */
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
