import type { z } from 'zod'
import type { Catalogue } from '../en.ts'

/**
 * Returns a text about the issue of a schema, for the person who typed the value: `at least 3
 * characters`. If the catalogue has no text for the issue, returns the schema's own message.
 */
export function issueWords(issue: z.core.$ZodIssue, { problems }: Pick<Catalogue, 'problems'>): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeWords(issue.expected, problems)
    case 'too_small':
      return boundWords(problems.least, issue.origin, Number(issue.minimum), issue.inclusive ?? true)
    case 'too_big':
      return boundWords(problems.most, issue.origin, Number(issue.maximum), issue.inclusive ?? true)
    case 'invalid_value':
      return problems.oneOf(issue.values.map(String).join(', '))
    case 'invalid_format':
      return issue.format === 'regex'
        ? problems.pattern(issue.pattern ?? '')
        : formatWords(issue.format, problems)
    case 'not_multiple_of':
      return problems.multipleOf(issue.divisor)
    case 'unrecognized_keys':
      return problems.unknownKeys(issue.keys.join(', '))
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return issue.message
  }
}

function typeWords(expected: string, { type }: Catalogue['problems']): string {
  switch (expected) {
    case 'string':
    case 'number':
    case 'int':
    case 'boolean':
    case 'array':
    case 'object':
      return type[expected]
    default:
      return type.other(expected)
  }
}

function formatWords(format: string, { format: words }: Catalogue['problems']): string {
  switch (format) {
    case 'url':
    case 'email':
    case 'datetime':
    case 'date':
    case 'uuid':
      return words[format]
    default:
      return words.other(format)
  }
}

function boundWords(
  words: Catalogue['problems']['least'],
  origin: string,
  bound: number,
  inclusive: boolean,
): string {
  if (origin === 'string') return words.characters(bound)
  if (origin === 'array' || origin === 'set') return words.items(bound)
  return inclusive ? words.value(bound) : words.exclusive(bound)
}
