import type { Rule } from 'eslint'

const MAX_COLUMNS = 100

/**
 * Matches the beginning of a docblock that paraphrases a question, in place of naming the action or
 * the thing.
 */
const QUESTION = /^\*\s*(?:\*\s*)?(?:What|Whether|How|Who|Whose|Which|Where|When|Returns what)\b/

/** Matches a line that cannot be wrapped: a directive or a long address. */
const UNWRAPPABLE = /eslint-|@ts-|https?:\/\/\S{40}/

/**
 * Rule that requires comments to wrap at 100 columns, and docblocks to begin with a verb or a noun.
 */
export const commentStyle: Rule.RuleModule = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      long: `A comment wraps at ${MAX_COLUMNS} columns.`,
      question: 'A docblock begins with a verb ("Returns…") or a noun, never with a question word.',
    },
  },
  create: context => ({
    Program: () => {
      const { sourceCode } = context
      for (const { type, value, loc } of sourceCode.getAllComments()) {
        if (loc === null || loc === undefined) continue
        if (type === 'Block' && QUESTION.test(value)) context.report({ loc, messageId: 'question' })
        for (let line = loc.start.line; line <= loc.end.line; line += 1) {
          const text = sourceCode.lines[line - 1] ?? ''
          if (text.length <= MAX_COLUMNS || UNWRAPPABLE.test(text) || !isComment(text)) continue
          context.report({ loc: { line, column: MAX_COLUMNS }, messageId: 'long' })
        }
      }
    },
  }),
}

/**
 * True if a line contains only a comment. A line with code before the comment is wrapped by other
 * rules.
 */
const isComment = (line: string): boolean => /^\s*(?:\/\/|\/?\*)/.test(line)
