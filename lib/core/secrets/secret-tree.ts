import { CharacterForms } from './character-forms.ts'
import type { SecretForm } from './secret-forms.ts'

/** The root node, which has no character. */
export const ROOT = 0

const FIRST_CAPACITY = 256

/**
 * Size of the table that rules out most positions of a text by their first two characters. It is
 * small enough for the processor's cache.
 */
const FILTER_SIZE = 4_096

const filterPlace = (first: number, second: number): number => (first * 31 + second) % FILTER_SIZE

/**
 * A trie of the forms of all secrets. Each node represents one character after the characters of
 * its parents, and forms share the nodes of their common prefix. The cost of adding or removing a
 * secret depends only on its own forms. Nodes are numbers and their data is stored in columns,
 * because objects would take three times the memory.
 */
export class SecretTree {
  /** Length of the longest form of any character so far, in UTF-16 units. */
  longest = 1
  private parents = new Int32Array(FIRST_CAPACITY)
  private firstChildren = new Int32Array(FIRST_CAPACITY)
  /** Next child of the same parent. */
  private siblings = new Int32Array(FIRST_CAPACITY)
  /** Number of forms that end at each node. */
  private ends = new Int32Array(FIRST_CAPACITY)
  /** Number of forms that pass through each node. */
  private holders = new Int32Array(FIRST_CAPACITY)
  private readonly characters: (CharacterForms | undefined)[] = [undefined]
  private readonly unused: number[] = []
  private readonly known = new Map<string, CharacterForms>()
  /** Children of the root, by the UTF-16 code of the first unit of their forms. */
  private readonly starts = new Map<number, Set<number>>()
  private readonly filter = new Uint32Array(FILTER_SIZE)

  get isEmpty(): boolean {
    return this.firstChildOf(ROOT) === ROOT
  }

  /** Number of nodes for which searches must allocate memory. */
  get capacity(): number {
    return this.parents.length
  }

  add(form: SecretForm): void {
    let node = ROOT
    for (const forms of form) {
      node = this.childOf(node, forms) ?? this.grow(node, forms)
      this.change(this.holders, node, 1)
    }
    this.mark(form, node, 1)
  }

  /** Removes a form that was added before. */
  remove(form: SecretForm): void {
    let node = ROOT
    const nodes = form.map(forms => (node = this.childOf(node, forms) ?? ROOT))
    this.mark(form, node, -1)
    for (const held of nodes.reverse()) {
      this.change(this.holders, held, -1)
      if (this.holders[held] === 0) this.prune(held)
    }
  }

  /** Returns the character that leads to a node other than the root. */
  characterOf(node: number): CharacterForms {
    const character = this.characters[node]
    if (character === undefined) throw new RangeError(`No character leads to node ${node}`)
    return character
  }

  parentOf(node: number): number {
    return this.parents[node] ?? ROOT
  }

  /** Returns the first child of a node; ROOT if there is none. */
  firstChildOf(node: number): number {
    return this.firstChildren[node] ?? ROOT
  }

  /** Returns the next sibling of a node; ROOT if there is none. */
  nextChildOf(child: number): number {
    return this.siblings[child] ?? ROOT
  }

  /** True if a form ends at a node. */
  isEnd(node: number): boolean {
    return (this.ends[node] ?? 0) > 0
  }

  /**
   * Returns the children of the root that may have a form at a position of a text; undefined if no
   * form begins there.
   */
  startsAt(text: string, at: number): Iterable<number> | undefined {
    const first = text.charCodeAt(at)
    const isPassedOver =
      at + 1 < text.length && this.filter[filterPlace(first, text.charCodeAt(at + 1))] === 0
    return isPassedOver ? undefined : this.starts.get(first)
  }

  private mark(form: SecretForm, node: number, change: number): void {
    this.change(this.ends, node, change)
    // If the last character is optional, the form also ends at the parent.
    if (form.at(-1)?.includes('') === true) this.change(this.ends, this.parentOf(node), change)
    for (const head of headsOf(form))
      this.change(this.filter, filterPlace(head.charCodeAt(0), head.charCodeAt(1)), change)
  }

  private change(column: Int32Array | Uint32Array, place: number, change: number): void {
    column[place] = (column[place] ?? 0) + change
  }

  private childOf(parent: number, forms: readonly string[]): number | undefined {
    const character = this.known.get(nameOf(forms))
    if (character === undefined) return undefined
    for (let child = this.firstChildOf(parent); child !== ROOT; child = this.nextChildOf(child))
      if (this.characters[child] === character) return child
    return undefined
  }

  private grow(parent: number, forms: readonly string[]): number {
    const node = this.unused.pop() ?? this.characters.length
    if (node >= this.capacity) this.enlarge()
    const character = this.characterWith(forms)
    character.users++
    this.characters[node] = character
    this.parents[node] = parent
    this.firstChildren[node] = ROOT
    this.siblings[node] = this.firstChildOf(parent)
    this.firstChildren[parent] = node
    if (parent === ROOT)
      for (const code of character.firstCodes())
        this.starts.set(code, (this.starts.get(code) ?? new Set()).add(node))
    return node
  }

  /** Removes a node that has no children from the tree. */
  private prune(node: number): void {
    const parent = this.parentOf(node)
    const next = this.nextChildOf(node)
    let before = this.firstChildOf(parent)
    if (before === node) this.firstChildren[parent] = next
    else {
      while (this.nextChildOf(before) !== node) before = this.nextChildOf(before)
      this.siblings[before] = next
    }
    const character = this.characterOf(node)
    this.characters[node] = undefined
    this.unused.push(node)
    if (parent === ROOT)
      for (const code of character.firstCodes()) {
        const starts = this.starts.get(code)
        starts?.delete(node)
        if (starts?.size === 0) this.starts.delete(code)
      }
    character.users--
    if (character.users === 0) this.known.delete(character.name)
  }

  private characterWith(forms: readonly string[]): CharacterForms {
    const name = nameOf(forms)
    const known = this.known.get(name)
    if (known !== undefined) return known
    const character = new CharacterForms(
      name,
      forms.filter(form => form !== ''),
    )
    this.known.set(name, character)
    this.longest = Math.max(this.longest, character.longest)
    return character
  }

  private enlarge(): void {
    const larger = (column: Int32Array) => {
      const copy = new Int32Array(column.length * 2)
      copy.set(column)
      return copy
    }
    this.parents = larger(this.parents)
    this.firstChildren = larger(this.firstChildren)
    this.siblings = larger(this.siblings)
    this.ends = larger(this.ends)
    this.holders = larger(this.holders)
  }
}

/**
 * Returns a unique name for a character with these forms. Most characters have a single form, which
 * is then the name.
 */
const nameOf = (forms: readonly string[]): string =>
  forms.length === 1 ? (forms[0] ?? '') : JSON.stringify(forms)

/** Number of characters by which a search rules out a position before it compares whole forms. */
const HEAD_LENGTH = 2

/** Returns the first two characters of every text that matches a form. */
function headsOf(form: SecretForm): ReadonlySet<string> {
  const heads = new Set<string>()
  const follow = (at: number, before: string) => {
    for (const written of form[at] ?? []) {
      const head = before + written
      if (head.length >= HEAD_LENGTH) heads.add(head.slice(0, HEAD_LENGTH))
      else follow(at + 1, head)
    }
  }
  follow(0, '')
  return heads
}
