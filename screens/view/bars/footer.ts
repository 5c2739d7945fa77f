import { BINDINGS, actionsHere, refusalOf } from '../../keymap.ts'
import type { ActionId } from '../../binding.ts'
import { keyName } from '../../key-name.ts'
import { isTyping } from '../../overlays/picture.ts'
import { liveWorkers } from '../../selection.ts'
import type { Layout } from '../../layout.ts'
import type { Page } from '../page.ts'
import { promptRows } from '../overlays/prompt.ts'
import type { Row } from '../drawing/row.ts'
import { fitRow, rowWidth } from '../drawing/row.ts'
import { cut } from '../drawing/text.ts'

/** Actions that are always visible, at the right of the footer. */
const LAST: readonly ActionId[] = ['help', 'quit']

/**
 * Returns the two rows of the footer. The first shows the last activity or the most urgent warning,
 * the second the keys that work here.
 */
export function footerRows(page: Page, layout: Layout): Row[] {
  const { prompt } = page.state
  if (prompt !== null && page.state.dialog === null) return promptRows(page, prompt, layout.message.width)
  return [messageRow(page, layout.message.width), keysRow(page, layout)]
}

function messageRow(page: Page, width: number): Row {
  const { state, t } = page
  const { words } = t
  const say = (text: string, role: 'warn' | 'bad' | 'muted') =>
    fitRow([page.span(' '), page.span(cut(text, width - 2), role)], width, page.style('text'))
  const owner = state.snapshot?.connection === 'scheduling'
  if (owner && state.quitting === 'now') return say(words.dialog.stopProgress, 'warn')
  if (owner && (state.quitting === 'drain' || state.quitting === 'restart')) {
    const { drainProgress, drainHint } = words.dialog
    return say(`${words.dialog.drainTitle}: ${drainProgress(liveWorkers(state))} ${drainHint}`, 'warn')
  }
  const told = state.activity.at(-1)
  // The help lists the activity itself, so its footer shows only later lines.
  const last = state.help.open && told?.id === state.help.toldBefore ? undefined : told
  const fresh = last !== undefined && state.now - last.at < FRESH_MS
  if (state.snapshot?.connection === 'lost' && !fresh) return say(`✗ ${words.lost}`, 'bad')
  if ((state.snapshot?.silentMs ?? null) !== null && !fresh) return say(`! ${words.silent}`, 'warn')
  const unwritten = state.snapshot?.unwritten ?? null
  if (unwritten !== null && !fresh) return say(`! ${words.unwritten(unwritten)}`, 'warn')
  if (last === undefined) return say('', 'muted')
  const text = last.key === '' ? last.text : words.activityLine(keyName(last.key, words), last.text)
  return say(last.tone === 'bad' ? `! ${text}` : text, last.tone === 'bad' && fresh ? 'warn' : 'muted')
}

/** Time for which a line of activity is shown, so that it can be read. */
const FRESH_MS = 6_000

function keysRow(page: Page, layout: Layout): Row {
  const { width, top } = layout.footer
  // A dialog takes all keys, and lists its own keys.
  if (page.state.dialog !== null || page.state.overlay !== null) return fitRow([], width, page.style('text'))
  if (isTyping(page.state)) return typingRow(page, layout)
  const right = LAST.flatMap(id => [keyPair(page, id)])
  const rightWidth = right.reduce((sum, pair) => sum + rowWidth(pair) + 2, 0)
  const left: Row[] = []
  let column = 1
  for (const id of footerActions(page)) {
    const pair = keyPair(page, id)
    if (column + rowWidth(pair) + 2 + rightWidth > width) break
    hit(page, column, top, pair, id)
    left.push([...pair, page.span('  ')])
    column += rowWidth(pair) + 2
  }
  const gap = Math.max(0, width - column - rightWidth + 1)
  column += gap
  LAST.forEach((id, index) => {
    hit(page, column, top, right[index] ?? [], id)
    column += rowWidth(right[index] ?? []) + 2
  })
  const last = right.flatMap((pair, index) => (index === 0 ? pair : [page.span('  '), ...pair]))
  return fitRow(
    [page.span(' '), ...left.flat(), page.span(' '.repeat(gap)), ...last],
    width,
    page.style('text'),
  )
}

/**
 * Returns the row of keys to show while the operator types. It has only the key that ends typing,
 * because the page takes all others.
 */
function typingRow(page: Page, { footer: { width, top } }: Layout): Row {
  const { words } = page.t
  const pair = [page.span(keyName('escape', words), 'key'), page.span(` ${words.pictureLine.stopTyping}`)]
  const target = { type: 'key', key: 'escape' } as const
  page.hits.push({ left: 1, top, width: rowWidth(pair), height: 1, target })
  return fitRow([page.span(' '), ...pair], width, page.style('text'))
}

/**
 * Returns the actions to show in the footer. A key that would only report a refusal is left out.
 */
function footerActions({ state }: Page): ActionId[] {
  return actionsHere(state)
    .filter(id => BINDINGS[id].footer > 0 && !LAST.includes(id) && refusalOf(state, id) === null)
    .toSorted((a, b) => BINDINGS[a].footer - BINDINGS[b].footer)
}

function hit(page: Page, left: number, top: number, pair: Row, id: ActionId): void {
  const key = BINDINGS[id].keys[0] ?? ''
  page.hits.push({ left, top, width: rowWidth(pair), height: 1, target: { type: 'key', key } })
}

/**
 * Returns a key with its label, `x Stop`. For a movement all keys are shown, `Left/Right Column`.
 */
function keyPair(page: Page, id: ActionId): Row {
  const { words } = page.t
  const { keys, group } = BINDINGS[id]
  const shown = group === 'move' ? keys : keys.slice(0, 1)
  const names = shown.map(key => keyName(key, words)).join('/')
  return [page.span(names, 'key'), page.span(` ${words.keys[id].label}`)]
}
