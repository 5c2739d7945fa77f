/** Call of the helper with which esbuild, and therefore tsx, preserves the name of a function. */
const CALL = '__name('
const HELPER = 'const __name = value => value;'

/**
 * Matches the beginning of a function's text that is a valid expression. The text of a method or a
 * class is not an expression that can be called.
 */
const EXPRESSION = /^(?:async\b\s*)?(?:function\b|\(|[\w$]+\s*=>)/

let given = false

/**
 * Replaces `Function.prototype.toString`, so that the texts of functions also run in a page.
 * Puppeteer sends functions to a page as text (`page.evaluate`, `page.waitForFunction`). Functions
 * that tsx compiled call a helper of their module
 * (https://github.com/privatenumber/tsx/issues/113), which the page does not have. The completed
 * text contains the helper as a local variable. It is on the first line, so that line numbers in
 * errors stay correct, and it is local, so that the page cannot see it.
 */
export function completeFunctionTexts(): void {
  if (given) return
  given = true
  const original: unknown = Reflect.get(Function.prototype, 'toString')
  if (typeof original !== 'function') return
  Object.defineProperty(Function.prototype, 'toString', {
    configurable: true,
    writable: true,
    value: function (this: unknown): string {
      const text = String(Reflect.apply(original, this, []))
      if (!text.includes(CALL) || !EXPRESSION.test(text)) return text
      return `function (...args) { ${HELPER} return (${text}).apply(this, args) }`
    },
  })
}
