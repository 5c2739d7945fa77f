import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import ts from 'typescript'
import { countWork } from '../helpers/expressions/count-work.ts'
import { pumpsOf } from '../helpers/expressions/pumps.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FOLDERS = ['bin', 'lib', 'screens']

const LENGTH = 48

/** Four times the text may take four times the work; quadratic work is sixteen times as much. */
const LARGEST_RATIO = 8

/**
 * Work a character that never counts as growth, because bounded repetitions do work up to their
 * bound at each place.
 */
const FLOOR_A_CHARACTER = 10

/** More work than this for the shorter text is exponential. */
const MOST_WORK = 4 * LENGTH ** 2

/**
 * Returns the pump that makes the work of an expression grow faster than its text; undefined if no
 * pump does.
 */
function worstPump(literal: string): string | undefined {
  // Without repetition the work at each place is the same for every text.
  if (!/[*+]|\{\d+,\d*\}/.test(literal)) return undefined
  return [...pumpsOf(literal)].find(pump => ['', 'x'].some(before => growsFaster(literal, before, pump)))
}

/**
 * True if the work grows faster than the text. The beginning prevents a match at the start, and the
 * end prevents a match at the end.
 */
function growsFaster(literal: string, before: string, pump: string): boolean {
  const text = (times: number) => `${before}${pump.repeat(Math.ceil(LENGTH / pump.length) * times)}\u0000\n!`
  const floor = LENGTH * FLOOR_A_CHARACTER
  if (countWork(literal, text(4), floor * LARGEST_RATIO + 1) <= floor * LARGEST_RATIO) return false
  const few = Math.max(floor, countWork(literal, text(1), MOST_WORK + 1))
  if (few > MOST_WORK) return true
  return countWork(literal, text(4), few * LARGEST_RATIO + 1) > few * LARGEST_RATIO
}

/**
 * Returns the expressions of a module with their places, and the module itself if it makes an
 * expression from texts.
 */
function expressionsIn(file: string) {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest)
  const literals: { readonly place: string; readonly literal: string }[] = []
  const made: string[] = []
  const visit = (node: ts.Node): void => {
    const place = `${file}:${source.getLineAndCharacterOfPosition(node.pos).line + 1}`
    if (ts.isRegularExpressionLiteral(node)) literals.push({ place, literal: node.text })
    if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'RegExp')
      made.push(file)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return { literals, made }
}

const modules = FOLDERS.flatMap(folder =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join(folder, name).replaceAll('\\', '/')),
).map(expressionsIn)

t.test('the cost of each regular expression grows no faster than its input', async t => {
  const all = modules.flatMap(module => module.literals)
  const literals = new Map(all.map(({ place, literal }) => [literal, place]))
  t.ok(literals.size > 100, 'expressions exist')
  t.strictSame(
    [...literals].flatMap(([literal, place]) => {
      const pump = worstPump(literal)
      return pump === undefined ? [] : [`${place} ${literal} repeats ${JSON.stringify(pump)}`]
    }),
    [],
  )
})

t.test('only known modules build an expression from text, which is tested or linear', async t => {
  t.strictSame([...new Set(modules.flatMap(module => module.made))].sort(), [
    'lib/core/text/redact.ts',
    'lib/core/text/safe-regex.ts',
    'lib/platform/memory/linux-memory.ts',
  ])
})

t.test('recognizes quadratic and exponential expressions', async t => {
  for (const literal of [
    String.raw`/\b(https?:\/\/[^\s?#]*)[?#]/gi`,
    String.raw`/\beyJ[\w-]{6,}\.[\w-]{4,}/g`,
    String.raw`/\b(?![\w-]*Error\b)[\w-]{0,40}token/gi`,
    String.raw`/\s+$/`,
    String.raw`/^-+|-+$/g`,
    String.raw`/^(a+)+$/`,
    String.raw`/\?.*$/`,
    String.raw`/\( at [^\n]*, x[^\n]*\)$/gm`,
  ])
    t.ok(worstPump(literal) !== undefined, literal)
  for (const literal of [
    String.raw`/\b(https?:\/\/[^\s?#]*)(?:[?#]\S*)?/gi`,
    String.raw`/(?<![\w-])(?=[\w-]+\.)[\w-]*?eyJ[\w-]{6,}\./g`,
    String.raw`/^\s*at /`,
    String.raw`/\s+/g`,
  ])
    t.equal(worstPump(literal), undefined, literal)
})
