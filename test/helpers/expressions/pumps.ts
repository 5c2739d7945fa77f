import { RegExpParser, visitRegExpAST } from '@eslint-community/regexpp'
import type { AST } from '@eslint-community/regexpp'

/** Characters that separate, end or continue words, addresses, paths and sequences. */
const CONTINUATIONS = ['a', '0', '-', '.', ' ', '/', '\\', '"', ':', '(', '\n']
const CHARACTERS = [...CONTINUATIONS, '@', '?', '=', '[', '#', '\t', '\r', '\u001b']

/**
 * Returns texts that match the beginning of an expression. If such a text is repeated, the
 * expression may have to start again many times.
 */
export function pumpsOf(literal: string): Set<string> {
  const { pattern, flags } = new RegExpParser().parseLiteral(literal)
  const pumps = new Set(CHARACTERS)
  const add = (text: string) => {
    if (text === '') return
    pumps.add(text)
    for (const character of CONTINUATIONS) pumps.add(text + character)
  }
  visitRegExpAST(pattern, {
    onAlternativeEnter: ({ elements }) => {
      const samples = elements.map(element => sampleOf(element, flags.raw))
      for (let end = 1; end <= samples.length; end++) {
        add(samples.slice(0, end).join(''))
        pumps.add(samples[end - 1] ?? '')
      }
    },
  })
  pumps.delete('')
  return pumps
}

function sampleOf(element: AST.Element, flags: string): string {
  switch (element.type) {
    case 'Group':
    case 'CapturingGroup':
      return (element.alternatives[0]?.elements ?? []).map(each => sampleOf(each, flags)).join('')
    case 'Quantifier':
      return element.max === 0 ? '' : sampleOf(element.element, flags).repeat(Math.max(1, element.min))
    case 'Assertion':
    case 'Backreference':
      return ''
    case 'Character':
      return String.fromCodePoint(element.value)
    case 'CharacterSet':
    case 'CharacterClass':
    case 'ExpressionCharacterClass': {
      const one = new RegExp(`^(?:${element.raw})$`, flags.replaceAll(/[gy]/g, ''))
      return [...CHARACTERS, 'b', 'P', '[', '~', '1'].find(character => one.test(character)) ?? ''
    }
  }
}
