import { redactAddresses } from '../../core/text/redact.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'

const IS_STYLE = /(?:^|:)style$/i

/** Can begin markup. What follows the sign at the end of a text stands in the next one. */
const MARKUP = /<(?=[a-z/!?]|$)/gi

/**
 * Returns the document of a snapshot without markup in its styles, because a viewer writes their texts as they are. The
 * escape would hide a secret from the redaction of the journal, so what is escaped is redacted before.
 */
export function withHarmlessStyles(node: unknown): unknown {
  if (!Array.isArray(node)) return node
  const name: unknown = node[0]
  const isStyle = typeof name === 'string' && IS_STYLE.test(name)
  return node.map((part: unknown, place) => {
    if (typeof part !== 'string') return withHarmlessStyles(part)
    return isStyle && place > 0 ? harmless(part) : part
  })
}

function harmless(css: string): string {
  return css.search(MARKUP) === -1
    ? css
    : redactAddresses(knownSecrets.redact(css)).replace(MARKUP, String.raw`\3c `)
}
