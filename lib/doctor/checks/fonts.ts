import { z } from 'zod'
import { withTimeout } from '../../core/time/timeout.ts'
import { ok, problem, warning } from '../check.ts'
import type { Check } from '../check.ts'

/** Timeout of drawing, which takes milliseconds. */
const DRAW_LIMIT_MS = 20_000

/**
 * Drawn characters. The first exists in no font and shows the browser's sign for a missing letter;
 * the others must look different.
 */
const LETTERS = ['\u{10FFFD}', 'g', '語'] as const

/** Draws letters on the trial page, and compares them with a letter that does not exist. */
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
 * Code for the page that returns each letter's picture as text. Sent as text, because the program
 * is not compiled for pages.
 */
const DRAW = `${JSON.stringify(LETTERS)}.map(letter => {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 64
  const context = canvas.getContext('2d')
  context.font = '40px sans-serif'
  context.fillText(letter, 8, 48)
  return canvas.toDataURL()
})`
