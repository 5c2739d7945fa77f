/**
 * The written forms of one character of a secret. The forms are compared with each position of a
 * text only once, however many secrets contain the character.
 */
export class CharacterForms {
  readonly name: string
  /** Length of the longest form, in UTF-16 units. */
  readonly longest: number
  /**
   * UTF-16 code of the only form, if there is a single form of one unit, as for most characters;
   * otherwise undefined.
   */
  readonly only: number | undefined
  /** Number of tree nodes that use this character. */
  users = 0
  private readonly all: readonly string[]
  private readonly byFirst = new Map<number, string[]>()
  private readonly byLast = new Map<number, string[]>()
  private readonly lengths: number[] = []
  private token = 0
  private cut = false

  constructor(name: string, forms: readonly string[]) {
    this.name = name
    this.all = forms
    this.only = forms.length === 1 && forms[0]?.length === 1 ? forms[0].charCodeAt(0) : undefined
    this.longest = Math.max(...forms.map(form => form.length))
    for (const form of forms) {
      listIn(this.byFirst, form.charCodeAt(0)).push(form)
      listIn(this.byLast, form.charCodeAt(form.length - 1)).push(form)
    }
  }

  /** Returns the UTF-16 code of the first unit of each form. */
  firstCodes(): Iterable<number> {
    return this.byFirst.keys()
  }

  /**
   * Returns the lengths of the forms that begin at position `at`. `token` identifies the position
   * and the search, so that a second call with the same token returns the cached result.
   */
  lengthsAt(text: string, at: number, token: number): readonly number[] {
    if (this.token === token) return this.lengths
    this.token = token
    this.lengths.length = 0
    for (const form of this.byFirst.get(text.charCodeAt(at)) ?? [])
      if (form.length === 1 || text.startsWith(form, at)) this.lengths.push(form.length)
    const left = text.length - at
    this.cut = left < this.longest && this.isPrefix(text.slice(at))
    return this.lengths
  }

  /**
   * True if the text ends within a form that begins at the position of the last `lengthsAt` call.
   */
  get isCut(): boolean {
    return this.cut
  }

  /**
   * Returns the lengths of the forms that end at position `at` and do not begin before `from`.
   * `token` is as in `lengthsAt`.
   */
  lengthsBefore(text: string, at: number, from: number, token: number): readonly number[] {
    if (this.token === token) return this.lengths
    this.token = token
    this.lengths.length = 0
    for (const form of this.byLast.get(text.charCodeAt(at - 1)) ?? []) {
      const start = at - form.length
      if (start >= from && (form.length === 1 || text.startsWith(form, start))) this.lengths.push(form.length)
    }
    return this.lengths
  }

  private isPrefix(end: string): boolean {
    return this.all.some(form => form.length > end.length && form.startsWith(end))
  }
}

function listIn(map: Map<number, string[]>, key: number): string[] {
  const known = map.get(key)
  if (known !== undefined) return known
  const list: string[] = []
  map.set(key, list)
  return list
}
