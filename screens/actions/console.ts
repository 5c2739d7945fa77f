import { nextLanguage } from '../../lib/locales/language.ts'
import type { ActionId, Binding } from '../binding.ts'
import { always, logActivity, noEffects, wordsOf } from '../binding.ts'
import { NO_TEXT } from '../line.ts'
import { restoreMarks } from '../lists/multi-select.ts'
import { runningJobs } from '../selection.ts'
import { panesOfScreen } from '../panes.ts'
import type { QuitMode } from '../overlays/overlay-state.ts'
import { NO_HELP } from '../state.ts'
import type { State, Step } from '../state.ts'
import { nextTheme } from '../theme.ts'

/** Index of the choice "stay" in the quit dialog. */
const STAY = 2

/** Starts to quit: closes the dialog, logs the activity, and sends the quit mode to the port. */
export function quitting(state: State, mode: QuitMode, key: string): Step {
  const { activity } = wordsOf(state)
  const said = ownsWork(state)
    ? activity[mode]
    : state.snapshot?.connection === 'attached'
      ? activity.detach
      : activity.leave
  return [{ ...logActivity(state, key, said), dialog: null, quitting: mode }, [{ type: 'quit', mode }]]
}

/** True if this console itself runs jobs. An attached console stops nothing when it quits. */
const ownsWork = (state: State) => state.snapshot?.connection === 'scheduling' && runningJobs(state) > 0

function quit(state: State, key: string): Step {
  if (state.quitting === 'now') return noEffects(state)
  if (state.quitting === 'drain' || state.quitting === 'restart') return quitting(state, 'now', key)
  return ownsWork(state)
    ? noEffects({ ...state, dialog: { type: 'quit', choice: STAY } })
    : quitting(state, 'drain', key)
}

export const CONSOLE = {
  zoom: {
    keys: ['z'],
    group: 'view',
    footer: 40,
    applies: state => !state.help.open && state.picture === null,
    refusal: (state, words) =>
      panesOfScreen(state.screen).length > 1 || state.screen === 'crashes' ? null : words.unavailable.noZoom,
    run: (state, key) => {
      const { activity } = wordsOf(state)
      return noEffects(
        logActivity(
          { ...state, zoomed: !state.zoomed },
          key,
          state.zoomed ? activity.zoomOff : activity.zoomOn,
        ),
      )
    },
  },
  language: {
    keys: ['l'],
    group: 'view',
    footer: 35,
    applies: always,
    run: (state, key) => {
      const language = nextLanguage(state.language)
      const turned = { ...state, language }
      // The filter matches the translated text of the rows, so a change of the language can remove
      // jobs from the list.
      const next =
        turned.snapshot === null ? turned : { ...turned, marked: restoreMarks(turned, turned.snapshot) }
      const words = wordsOf(next)
      const done = logActivity(next, key, words.activity.language(words.language))
      // A read-only console writes nothing into the project.
      if (state.readOnly) return noEffects(done)
      return [done, [{ type: 'perform', activityId: null, command: { type: 'language.choose', language } }]]
    },
  },
  theme: {
    keys: ['t'],
    group: 'view',
    footer: 60,
    applies: always,
    run: (state, key) => {
      const theme = nextTheme(state.theme, state.colours)
      const words = wordsOf(state)
      return noEffects(logActivity({ ...state, theme }, key, words.activity.theme(words.themes[theme])))
    },
  },
  mouse: {
    keys: ['m'],
    group: 'console',
    footer: 70,
    applies: always,
    run: (state, key) => {
      const on = !state.mouse
      const { activity } = wordsOf(state)
      return [
        logActivity({ ...state, mouse: on }, key, on ? activity.mouseOn : activity.mouseOff),
        [{ type: 'mouse', on }],
      ]
    },
  },
  repaint: {
    keys: ['C-l'],
    group: 'console',
    footer: 0,
    applies: always,
    run: (state, key) => [logActivity(state, key, wordsOf(state).activity.repaint), [{ type: 'repaint' }]],
  },
  palette: {
    keys: [':'],
    group: 'console',
    footer: 80,
    applies: always,
    run: state =>
      noEffects({
        ...state,
        help: NO_HELP,
        overlay: { type: 'palette', line: NO_TEXT, choice: 0 },
      }),
  },
  help: {
    keys: ['?'],
    group: 'console',
    footer: 90,
    applies: always,
    run: state => {
      const toldBefore = state.activity.at(-1)?.id ?? 0
      return noEffects({ ...state, help: state.help.open ? NO_HELP : { open: true, offset: 0, toldBefore } })
    },
  },
  quit: {
    keys: ['q', 'C-c'],
    group: 'console',
    footer: 91,
    applies: always,
    run: quit,
  },
} satisfies Partial<Record<ActionId, Binding>>
