/** Call of the helper by which esbuild, and so tsx, keeps the name of a function. */
const CALL = '__name('
const HELPER = 'const __name = value => value;'

/**
 * Beginning of a function that is a valid expression. A method or a class cannot be called there.
 */
const EXPRESSION = /^(?:async\b\s*)?(?:function\b|\(|[\w$]+\s*=>)/

let given = false

/**
 * Completes the text of each function, because puppeteer sends functions to a page as text
 * (`page.evaluate`, `page.waitForFunction`). Functions that tsx compiled call a helper of their
 * module (https://github.com/privatenumber/tsx/issues/113), which a page does not have. The
 * completed text has the helper as a local, on its first line, so that the lines of errors stay
 * right and the page cannot see the helper.
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
