import { ROOT } from './secret-tree.ts'
import type { SecretTree } from './secret-tree.ts'

/** Position in a text at which a form of a secret begins. */
export interface Match {
  readonly start: number
  /** End of the longest complete form; -1 if no form is complete. */
  readonly end: number
  /**
   * True if the text ends within a form that would be longer than the match, so more text could
   * extend the match.
   */
  readonly isOpen: boolean
}

/**
 * A node and a position at which the forward pass found the end of a form, or the end of the text
 * within a form.
 */
interface Seed {
  readonly node: number
  readonly at: number
  readonly isWhole: boolean
  readonly isOpen: boolean
}

/**
 * Nodes that a pass has reached at one position. For each node, records the longest end of the
 * forms through it, and whether the text ends within one of them.
 */
class Reached {
  readonly nodes: number[] = []
  readonly ends: number[] = []
  readonly opens: boolean[] = []

  push(node: number, end: number, isOpen: boolean): void {
    this.nodes.push(node)
    this.ends.push(end)
    this.opens.push(isOpen)
  }

  /** Adds another end of a form to the facts about a node. */
  merge(index: number, end: number, isOpen: boolean): void {
    this.ends[index] = Math.max(this.ends[index] ?? -1, end)
    this.opens[index] = this.opens[index] === true || isOpen
  }

  clear(): void {
    this.nodes.length = this.ends.length = this.opens.length = 0
  }
}

/** Maximum token. Tokens restart at 1 before they would overflow their 32-bit column. */
const LAST_TOKEN = 2 ** 31 - 1

/**
 * Searches a text for all secrets at once, by the trie of their forms. The forward pass walks the
 * trie from every position and records where forms end. The backward pass starts only at these
 * ends, and carries the furthest end back to the position where the form begins. Each pass visits
 * each pair of node and position once, however many forms lead to it. So the work at a position is
 * bounded by the number of distinct prefixes of secrets that end there.
 */
export class SecretSearch {
  /** Number of node visits so far. */
  visits = 0
  private readonly tree: SecretTree
  private token = 0
  /** Token of the last visit to each node. */
  private tokens = new Int32Array(0)
  /**
   * Index of each node in the slot in which it was last visited; valid if the node has the current
   * token.
   */
  private indexes = new Int32Array(0)
  /**
   * A ring buffer with the nodes reached at each of the next positions. Its size is a power of two
   * greater than the length of the longest form of a character.
   */
  private slots: Reached[] = []
  /** Number of nodes in the slots. */
  private waiting = 0

  constructor(tree: SecretTree) {
    this.tree = tree
  }

  /**
   * Returns the matches that begin at or after `from` and before `until`, in the order of the text.
   */
  matches(text: string, from: number, until: number): readonly Match[] {
    const seeds = this.forward(text, from, until, false)
    return seeds.length === 0 ? [] : this.backward(text, from, until, seeds)
  }

  /** True if the text contains a complete secret. */
  holds(text: string): boolean {
    return this.forward(text, 0, text.length, true).some(({ isWhole }) => isWhole)
  }

  /**
   * Runs the forward pass and returns its seeds in the order of the text. If `stopsAtFirst` is
   * true, stops at the first complete form.
   */
  private forward(text: string, from: number, until: number, stopsAtFirst: boolean): readonly Seed[] {
    const { tree } = this
    const seeds: Seed[] = []
    this.prepare()
    for (let at = from; at <= text.length && (at < until || this.waiting > 0); at++) {
      const reached = this.slotAt(at)
      const starts = at < until && at < text.length ? tree.startsAt(text, at) : undefined
      if (starts === undefined && reached.nodes.length === 0) continue
      const token = this.nextToken()
      if (starts !== undefined) {
        let isOpen = false
        this.visits++
        for (const child of starts) isOpen = this.follow(child, text, at) || isOpen
        if (isOpen) seeds.push({ node: ROOT, at, isWhole: false, isOpen })
      }
      for (const node of reached.nodes) {
        if (this.tokens[node] === token) continue
        this.tokens[node] = token
        let isOpen = false
        this.visits++
        for (let child = tree.firstChildOf(node); child !== ROOT; child = tree.nextChildOf(child))
          isOpen = this.follow(child, text, at) || isOpen
        const isWhole = tree.isEnd(node)
        if (isWhole || isOpen) seeds.push({ node, at, isWhole, isOpen })
      }
      this.empty(reached)
      if (stopsAtFirst && seeds.at(-1)?.isWhole === true) break
    }
    return seeds
  }

  /**
   * Marks a node as reached at the end of each form of its character that begins at position `at`.
   * Returns true if the text ends within such a form.
   */
  private follow(node: number, text: string, at: number): boolean {
    const character = this.tree.characterOf(node)
    if (character.only !== undefined) {
      if (character.only !== text.charCodeAt(at)) return at === text.length
      this.slotAt(at + 1).nodes.push(node)
      this.waiting++
      return false
    }
    for (const length of character.lengthsAt(text, at, this.token)) {
      this.slotAt(at + length).nodes.push(node)
      this.waiting++
    }
    return character.isCut
  }

  private backward(text: string, from: number, until: number, seeds: readonly Seed[]): readonly Match[] {
    const { tree } = this
    const matches: Match[] = []
    let left = seeds.length
    this.prepare()
    for (let at = seeds.at(-1)?.at ?? from; at >= from && (left > 0 || this.waiting > 0); at--) {
      for (let seed = seeds[left - 1]; seed?.at === at; seed = seeds[left - 1]) {
        this.reach(at, seed.node, seed.isWhole ? at : -1, seed.isOpen)
        left--
      }
      const reached = this.slotAt(at)
      if (reached.nodes.length === 0) continue
      const token = this.nextToken()
      for (let index = 0; index < reached.nodes.length; index++) {
        const node = reached.nodes[index] ?? ROOT
        const known = this.tokens[node] === token ? this.indexes[node] : undefined
        if (known !== undefined)
          reached.merge(known, reached.ends[index] ?? -1, reached.opens[index] === true)
        else {
          this.tokens[node] = token
          this.indexes[node] = index
        }
      }
      for (let index = 0; index < reached.nodes.length; index++) {
        const node = reached.nodes[index] ?? ROOT
        if (this.indexes[node] !== index) continue
        const end = reached.ends[index] ?? -1
        const isOpen = reached.opens[index] === true
        this.visits++
        if (node === ROOT) {
          if (at < until) matches.push({ start: at, end, isOpen })
          continue
        }
        for (const length of tree.characterOf(node).lengthsBefore(text, at, from, token))
          this.reach(at - length, tree.parentOf(node), end, isOpen)
      }
      this.empty(reached)
    }
    return matches.reverse()
  }

  private reach(at: number, node: number, end: number, isOpen: boolean): void {
    this.slotAt(at).push(node, end, isOpen)
    this.waiting++
  }

  private empty(reached: Reached): void {
    this.waiting -= reached.nodes.length
    reached.clear()
  }

  private slotAt(at: number): Reached {
    const slot = this.slots[at & (this.slots.length - 1)]
    if (slot === undefined) throw new RangeError(`No slot for place ${at}`)
    return slot
  }

  private nextToken(): number {
    if (this.token === LAST_TOKEN) this.tokens.fill((this.token = 0))
    return ++this.token
  }

  /**
   * Resizes the working memory for the current tree, and clears nodes that a search left in it by
   * stopping early.
   */
  private prepare(): void {
    const { capacity, longest } = this.tree
    if (this.tokens.length < capacity) {
      this.tokens = new Int32Array(capacity)
      this.indexes = new Int32Array(capacity)
    }
    if (this.slots.length <= longest) {
      const length = 2 ** Math.ceil(Math.log2(longest + 1))
      this.slots = Array.from({ length }, () => new Reached())
    } else if (this.waiting > 0) for (const slot of this.slots) slot.clear()
    this.waiting = 0
  }
}
