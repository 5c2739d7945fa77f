import { logActivity, noEffects, wordsOf } from '../binding.ts'
import type { ActionId } from '../binding.ts'
import { fuzzyScore } from './fuzzy.ts'
import { ACTION_IDS, BINDINGS, refusalOf } from '../keymap.ts'
import { edited, inserted, textOf } from '../line.ts'
import type { Palette } from './overlay-state.ts'
import { SCREENS, SCREEN_TABLE, panesOfScreen } from '../panes.ts'
import type { PaneName, ScreenName } from '../panes.ts'
import { NO_HELP } from '../state.ts'
import type { State, Step } from '../state.ts'

/** Command in the list of the palette. */
export interface PaletteEntry {
  readonly id: ActionId
  /** Why the command is not possible now; null if it is possible. */
  readonly refusal: string | null
}

/**
 * Bonus to the score of a match in the name, which is worth more than a match in the description.
 */
const NAME_BONUS = 100

/**
 * Bonus to the score of a command that is possible now, so that it comes before a command that
 * matches slightly better.
 */
const USABLE_BONUS = 10

/**
 * Commands that the palette does not list: the command that opens the palette, and the command that
 * closes the help, which the palette closes itself.
 */
const WITHIN_BOXES: readonly ActionId[] = ['palette', 'helpClose']

/**
 * Returns the commands that match the typed text, the best match first. If the text is empty, the
 * commands that are possible now come first.
 */
export function paletteEntries(state: State, { line }: Palette): readonly PaletteEntry[] {
  const words = wordsOf(state)
  const typed = textOf(line)
  const scored = ACTION_IDS.filter(id => !WITHIN_BOXES.includes(id)).flatMap(id => {
    const { label, help } = words.keys[id]
    const byName = fuzzyScore(label, typed)
    const score = byName === null ? fuzzyScore(help, typed) : byName + NAME_BONUS
    if (score === null) return []
    const refusal = paletteRefusal(state, id)
    return [{ id, refusal, score: refusal === null ? score + USABLE_BONUS : score }]
  })
  return scored.toSorted((a, b) => b.score - a.score)
}

function paletteRefusal(state: State, id: ActionId): string | null {
  const behind = { ...state, overlay: null }
  return BINDINGS[id].applies(behind) ? refusalOf(behind, id) : elsewhere(behind, id)
}

/**
 * Returns a text about where a command works that does not work here: on another screen, or in
 * another pane. The present screen is searched first.
 */
function elsewhere(state: State, id: ActionId): string {
  const { unavailable, screens, panes } = wordsOf(state)
  const order = [state.screen, ...SCREENS]
  const there = (screen: ScreenName, pane?: PaneName): State => ({
    ...{ ...state, screen, help: NO_HELP, picture: null, zoomed: false },
    ...(pane === undefined ? {} : { focus: { ...state.focus, [screen]: pane } }),
  })
  const whole = order.find(screen => BINDINGS[id].applies(there(screen)))
  if (whole !== undefined) return unavailable.elsewhere(screens[whole], SCREEN_TABLE[whole].key)
  for (const screen of order) {
    const pane = panesOfScreen(screen).find(one => BINDINGS[id].applies(there(screen, one)))
    if (pane !== undefined) return unavailable.inPane(screens[screen], SCREEN_TABLE[screen].key, panes[pane])
  }
  return unavailable.notHere
}

/** Processes a key while the palette is open: types, moves, chooses or closes. */
export function palettePressed(state: State, palette: Palette, key: string): Step {
  if (key === 'escape' || key === 'C-c') return noEffects({ ...state, overlay: null })
  if (key === 'enter') return paletteChosen(state, palette, palette.choice)
  const count = paletteEntries(state, palette).length
  const by = STEPS.get(key)
  if (by !== undefined) {
    const choice = Math.max(0, Math.min(palette.choice + by, count - 1))
    return noEffects({ ...state, overlay: { ...palette, choice } })
  }
  const line = edited(palette.line, key)
  return noEffects(line === undefined ? state : { ...state, overlay: { ...palette, line, choice: 0 } })
}

const PAGE = 8

const STEPS = new Map([
  ['down', 1],
  ['tab', 1],
  ['up', -1],
  ['S-tab', -1],
  ['pagedown', PAGE],
  ['pageup', -PAGE],
])

/** Adds pasted text to the search, even if its characters are keys of the palette. */
export function palettePasted(state: State, palette: Palette, text: string): Step {
  return noEffects({ ...state, overlay: { ...palette, line: inserted(palette.line, text), choice: 0 } })
}

/**
 * Runs the command at an index of the list, as its key would. If the command is not possible, logs
 * the reason.
 */
export function paletteChosen(state: State, palette: Palette, place: number): Step {
  const entry = paletteEntries(state, palette)[place]
  if (entry === undefined) return noEffects(state)
  const closed = { ...state, overlay: null }
  const key = BINDINGS[entry.id].keys[0] ?? ''
  if (entry.refusal !== null) return noEffects(logActivity(closed, key, entry.refusal, 'bad'))
  return BINDINGS[entry.id].run(closed, key)
}
