import { z } from 'zod'
import { withTimeout } from '../../core/time/timeout.ts'
import { ok, problem, warning } from '../check.ts'
import type { Check } from '../check.ts'

/** Timeout for drawing the characters, which normally takes milliseconds. */
const DRAW_LIMIT_MS = 20_000

/**
 * Characters to draw. No font has the first one, so it shows the browser's sign for a missing
 * glyph. The others must look different from it.
 */
const LETTERS = ['\u{10FFFD}', 'g', '語'] as const

/**
 * Checks that the browser has fonts: draws characters on a page, and compares them with a character
 * that no font has.
 */
export const fontsCheck: Check = {
  id: 'fonts',
  ofProject: false,
  async run({ words: { fonts }, browser, clock }) {
    const { page } = browser
    if (page === undefined) return warning(fonts.noBrowser, fonts.noBrowserRemedy)
    const drawing = page.evaluate(DRAW)
    const drawn = await withTimeout(drawing, DRAW_LIMIT_MS, 'Drawing letters', clock)
    const [missing, latin, eastAsian] = z.tuple([z.string(), z.string(), z.string()]).parse(drawn)
    if (latin === missing) return problem(fonts.none, fonts.noneRemedy)
    if (eastAsian === missing) return warning(fonts.noEastAsian, fonts.noEastAsianRemedy)
    return ok(fonts.good)
  },
}

/**
 * Code that runs in the page and returns the picture of each character as text. The code itself is
 * sent as text, because the program is not compiled for pages.
 */
const DRAW = `${JSON.stringify(LETTERS)}.map(letter => {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 64
  const context = canvas.getContext('2d')
  context.font = '40px sans-serif'
  context.fillText(letter, 8, 48)
  return canvas.toDataURL()
})`
