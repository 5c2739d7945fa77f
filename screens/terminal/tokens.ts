/** One input of the operator, as the terminal reported it. */
export type Token =
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'paste'; readonly text: string }
  | { readonly type: 'press'; readonly column: number; readonly row: number }
  | { readonly type: 'wheel'; readonly column: number; readonly row: number; readonly lines: number }

const ESC = '\u001b'
const PASTE_BEGIN = '\u001b[200~'
const PASTE_END = '\u001b[201~'

/** Maximum number of characters that are kept of a paste. No field takes more. */
const PASTE_KEPT = 10_000

const WHEEL_LINES = 3

const LETTER_KEYS = new Map([
  ['A', 'up'],
  ['B', 'down'],
  ['C', 'right'],
  ['D', 'left'],
  ['F', 'end'],
  ['H', 'home'],
  ['Z', 'S-tab'],
  ['M', 'enter'],
])

const NUMBER_KEYS = new Map([
  ['1', 'home'],
  ['2', 'insert'],
  ['3', 'delete'],
  ['4', 'end'],
  ['5', 'pageup'],
  ['6', 'pagedown'],
  ['7', 'home'],
  ['8', 'end'],
])

const SINGLE_KEYS = new Map([
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\t', 'tab'],
  [' ', 'space'],
  ['\u007f', 'backspace'],
  ['\b', 'backspace'],
  ['\0', 'C-space'],
])

/** Complete CSI or SS3 sequence at the start of the text. */
const SEQUENCE = /^\u001b(?:\[M[^]{3}|\[\[[A-E]|\[[0-?]*[ -/]*[@-~]|O[ -~])/
/** Start of a text that may become a sequence with more input. */
const UNFINISHED = /^\u001b(?:\[(?:M[^]{0,2}|\[|[0-?]*[ -/]*)|O)?$/

/**
 * Maximum length of a sequence, in characters. A longer text is not a sequence, so it is not held
 * back.
 */
const LONGEST_SEQUENCE = 64

/**
 * Turns the terminal's input into tokens, one for each event, however the input was split. Text
 * that may be the start of a sequence is held back until more input arrives, or until `flush` is
 * called after a pause. A lone ESC is then the Esc key.
 */
export class Tokenizer {
  private pending = ''
  private pasting: string | null = null

  /**
   * True if text is held back that may be the start of a sequence. Only a pause shows that it is
   * not.
   */
  get waiting(): boolean {
    return this.pending !== '' && this.pasting === null
  }

  feed(text: string): Token[] {
    this.pending += text
    const tokens: Token[] = []
    while (this.pending !== '') {
      if (this.pasting !== null) {
        const paste = this.takePaste(this.pasting)
        if (paste === undefined) break
        tokens.push(paste)
        continue
      }
      if (UNFINISHED.test(this.pending) && this.pending.length < LONGEST_SEQUENCE) break
      const token = this.takeToken()
      if (token !== undefined) tokens.push(token)
    }
    return tokens
  }

  /**
   * Ends the wait for more input. ESC that was held back, once or twice, becomes the Esc key. The
   * unfinished start of a sequence is dropped.
   */
  flush(): Token[] {
    if (!this.waiting) return []
    const { pending } = this
    this.pending = ''
    return pending === ESC || pending === ESC + ESC ? [{ type: 'key', key: 'escape' }] : []
  }

  private takePaste(sofar: string): Token | undefined {
    const end = this.pending.indexOf(PASTE_END)
    if (end === -1) {
      // The end mark may be split, so the rest of the text may end with a part of it.
      const safe = Math.max(0, this.pending.length - PASTE_END.length + 1)
      this.pasting = (sofar + this.pending.slice(0, safe)).slice(0, PASTE_KEPT)
      this.pending = this.pending.slice(safe)
      return undefined
    }
    const text = (sofar + this.pending.slice(0, end)).slice(0, PASTE_KEPT)
    this.pending = this.pending.slice(end + PASTE_END.length)
    this.pasting = null
    return { type: 'paste', text }
  }

  private takeToken(): Token | undefined {
    if (this.pending.startsWith(PASTE_BEGIN)) {
      this.pending = this.pending.slice(PASTE_BEGIN.length)
      this.pasting = ''
      return undefined
    }
    const sequence = SEQUENCE.exec(this.pending)?.[0]
    if (sequence !== undefined) {
      this.pending = this.pending.slice(sequence.length)
      return sequenceToken(sequence)
    }
    const character = String.fromCodePoint(this.pending.codePointAt(0) ?? 0)
    this.pending = this.pending.slice(character.length)
    if (character !== ESC) return { type: 'key', key: characterKey(character) }
    // ESC directly followed by a character is Alt with that key. No action uses Alt, and the key
    // alone must not be reported, because it could be the key of an action.
    if (this.pending === '' || this.pending.startsWith(ESC)) return { type: 'key', key: 'escape' }
    const meant = String.fromCodePoint(this.pending.codePointAt(0) ?? 0)
    this.pending = this.pending.slice(meant.length)
    return { type: 'key', key: `M-${characterKey(meant)}` }
  }
}

function characterKey(character: string): string {
  const known = SINGLE_KEYS.get(character)
  if (known !== undefined) return known
  const code = character.charCodeAt(0)
  return code < 0x20 ? `C-${String.fromCharCode(code + 0x60)}` : character
}

function sequenceToken(sequence: string): Token | undefined {
  const mouse = /^\u001b\[<(\d+);(\d+);(\d+)([Mm])$/.exec(sequence)
  if (mouse !== null)
    return mouseToken(Number(mouse[1]), Number(mouse[2]), Number(mouse[3]), mouse[4] === 'M')
  const numbered = /^\u001b\[(\d+)(?:;(\d+))?~$/.exec(sequence)
  if (numbered !== null) return named(NUMBER_KEYS.get(numbered[1] ?? ''), numbered[2])
  const lettered = /^\u001b(?:\[|O)(?:1?;?(\d+))?([A-Z])$/.exec(sequence)
  if (lettered !== null) return named(LETTER_KEYS.get(lettered[2] ?? ''), lettered[1])
  return undefined
}

function named(name: string | undefined, modifier: string | undefined): Token | undefined {
  if (name === undefined) return undefined
  const control = modifier !== undefined && ((Number(modifier) - 1) & 4) !== 0
  return { type: 'key', key: control ? `C-${name}` : name }
}

function mouseToken(code: number, column: number, row: number, down: boolean): Token | undefined {
  const at = { column: column - 1, row: row - 1 }
  if (code === 64) return { type: 'wheel', ...at, lines: -WHEEL_LINES }
  if (code === 65) return { type: 'wheel', ...at, lines: WHEEL_LINES }
  return code === 0 && down ? { type: 'press', ...at } : undefined
}
