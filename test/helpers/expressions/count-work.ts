import { RegExpParser } from '@eslint-community/regexpp'
import type { AST } from '@eslint-community/regexpp'

type Next = (at: number) => boolean

/**
 * Error that ends the count once the limit is exceeded, because further steps would not change the
 * result.
 */
class TooMuchWork extends Error {}

/**
 * Returns the number of steps that a backtracking engine needs to find all matches of an expression
 * in a text, or `mostSteps` if there are more. The walk through the expression is that of V8
 * without its optional shortcuts, so the number is the same on every machine and under any load.
 */
export function countWork(literal: string, text: string, mostSteps: number): number {
  const walk = new Walk(new RegExpParser().parseLiteral(literal), text, mostSteps)
  try {
    walk.findAll()
  } catch (error) {
    if (!(error instanceof TooMuchWork)) throw error
  }
  return walk.steps
}

class Walk {
  steps = 0
  private readonly text: string
  private readonly mostSteps: number
  private readonly pattern: AST.Pattern
  private readonly flags: AST.Flags
  private readonly captures = new Map<AST.CapturingGroup, string>()
  private readonly known = new Map<AST.Node, Map<string, boolean>>()

  constructor({ pattern, flags }: AST.RegExpLiteral, text: string, mostSteps: number) {
    this.pattern = pattern
    this.flags = flags
    this.text = text
    this.mostSteps = mostSteps
  }

  findAll(): void {
    for (let at = 0; at <= this.text.length;) {
      let end = at
      const found = this.any(this.pattern.alternatives, at, after => {
        end = after
        return true
      })
      at = found && end > at ? end : at + 1
    }
  }

  private any(alternatives: readonly AST.Alternative[], at: number, next: Next): boolean {
    return alternatives.some(({ elements }) => this.sequence(elements, 0, at, next))
  }

  private sequence(elements: readonly AST.Element[], index: number, at: number, next: Next): boolean {
    const element = elements[index]
    if (element === undefined) return next(at)
    return this.element(element, at, after => this.sequence(elements, index + 1, after, next))
  }

  private element(element: AST.Element, at: number, next: Next): boolean {
    if (++this.steps > this.mostSteps) throw new TooMuchWork()
    switch (element.type) {
      case 'Group':
        return this.any(element.alternatives, at, next)
      case 'CapturingGroup':
        return this.any(element.alternatives, at, after => {
          const before = this.captures.get(element)
          this.captures.set(element, this.text.slice(at, after))
          if (next(after)) return true
          this.captures.set(element, before ?? '')
          return false
        })
      case 'Backreference': {
        const group = Array.isArray(element.resolved) ? element.resolved[0] : element.resolved
        const captured = (group === undefined ? undefined : this.captures.get(group)) ?? ''
        return this.text.startsWith(captured, at) && next(at + captured.length)
      }
      case 'Assertion':
        return this.holds(element, at) && next(at)
      case 'Quantifier':
        return isOneCharacter(element.element)
          ? this.repeatCharacter(element, at, next)
          : this.repeat(element, 0, at, next)
      case 'Character':
      case 'CharacterSet':
      case 'CharacterClass':
      case 'ExpressionCharacterClass':
        return this.matches(element, at) && next(at + 1)
    }
  }

  private holds(assertion: AST.Assertion, at: number): boolean {
    const { text, flags } = this
    switch (assertion.kind) {
      case 'start':
        return at === 0 || (flags.multiline && text[at - 1] === '\n')
      case 'end':
        return at === text.length || (flags.multiline && text[at] === '\n')
      case 'word':
        return (isWord(text[at - 1]) !== isWord(text[at])) !== assertion.negate
      case 'lookahead':
        return this.any(assertion.alternatives, at, () => true) !== assertion.negate
      case 'lookbehind': {
        // The lookbehinds in the project have a fixed length of a few characters.
        const found = [1, 2, 3].some(
          length => at >= length && this.any(assertion.alternatives, at - length, end => end === at),
        )
        return found !== assertion.negate
      }
    }
  }

  private repeatCharacter({ element, min, max, greedy }: AST.Quantifier, at: number, next: Next): boolean {
    if (!greedy) {
      for (let count = 0; ; count++) {
        if (count >= min && next(at + count)) return true
        if (count >= max || !this.matches(element, at + count)) return false
      }
    }
    let count = 0
    while (count < max && this.matches(element, at + count)) count++
    for (; count >= min; count--) if (next(at + count)) return true
    return false
  }

  private repeat(quantifier: AST.Quantifier, count: number, at: number, next: Next): boolean {
    const { element, min, max, greedy } = quantifier
    const more = () =>
      count < max &&
      this.element(element, at, after =>
        after === at && count >= min ? false : this.repeat(quantifier, count + 1, after, next),
      )
    const enough = () => count >= min && next(at)
    return greedy ? more() || enough() : enough() || more()
  }

  private matches(node: AST.Element, at: number): boolean {
    if (++this.steps > this.mostSteps) throw new TooMuchWork()
    const character = this.text[at]
    if (character === undefined) return false
    const before = this.known.get(node)?.get(character)
    if (before !== undefined) return before
    const known = this.known.get(node) ?? new Map<string, boolean>()
    this.known.set(node, known)
    const flags = this.flags.raw.replaceAll(/[gy]/g, '')
    const found = new RegExp(`^(?:${node.raw})$`, flags).test(character)
    known.set(character, found)
    return found
  }
}

const isOneCharacter = ({ type }: AST.Element): boolean =>
  type === 'Character' || type === 'CharacterSet' || type === 'CharacterClass'

const isWord = (character: string | undefined): boolean => character !== undefined && /\w/.test(character)
