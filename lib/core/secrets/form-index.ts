import { HEAD_LENGTH } from './secret-form.ts'
import type { Match, SearchMemory, SecretForm } from './secret-form.ts'

/**
 * Most places of a text are passed over by this table, which is smaller than the cache of a
 * processor.
 */
const FILTER_SIZE = 4_096

const filterPlace = (first: number, second: number): number => (first * 31 + second) % FILTER_SIZE

/**
 * The forms of all secrets by their first two characters. A secret that comes or goes costs its own
 * forms only.
 */
export class FormIndex {
  private readonly byHead = new Map<string, Set<SecretForm>>()
  private readonly filter = new Uint32Array(FILTER_SIZE)
  /** Number of heads that begin with a character. */
  private readonly firsts = new Map<number, number>()

  get isEmpty(): boolean {
    return this.byHead.size === 0
  }

  add(form: SecretForm): void {
    for (const head of form.heads()) {
      const forms = this.byHead.get(head)
      if (forms === undefined) {
        this.byHead.set(head, new Set([form]))
        this.count(head, 1)
      } else forms.add(form)
    }
  }

  remove(form: SecretForm): void {
    for (const head of form.heads()) {
      const forms = this.byHead.get(head)
      forms?.delete(form)
      if (forms?.size === 0 && this.byHead.delete(head)) this.count(head, -1)
    }
  }

  /**
   * Returns the longest match at a place of a text; undefined where no form begins there. Searches
   * in the same text share a memory.
   */
  matchAt(text: string, at: number, memory: SearchMemory): Match | undefined {
    const first = text.charCodeAt(at)
    if (at === text.length - 1) return this.firsts.has(first) ? { end: -1, isOpen: true } : undefined
    if (this.filter[filterPlace(first, text.charCodeAt(at + 1))] === 0) return undefined
    const forms = this.byHead.get(text.slice(at, at + HEAD_LENGTH))
    if (forms === undefined) return undefined
    let end = -1
    let isOpen = false
    for (const form of forms) {
      const match = form.matchAt(text, at, memory)
      end = Math.max(end, match.end)
      isOpen ||= match.isOpen
    }
    return end === -1 && !isOpen ? undefined : { end, isOpen }
  }

  private count(head: string, change: number): void {
    const first = head.charCodeAt(0)
    const place = filterPlace(first, head.charCodeAt(1))
    this.filter[place] = (this.filter[place] ?? 0) + change
    const heads = (this.firsts.get(first) ?? 0) + change
    if (heads > 0) this.firsts.set(first, heads)
    else this.firsts.delete(first)
  }
}
