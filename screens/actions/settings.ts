import type { ActionId, Binding } from '../binding.ts'
import { dispatchCommand, noEffects, wordsOf } from '../binding.ts'
import { jsonLines } from '../details/cell-text.ts'
import type { PaneName } from '../panes.ts'
import { channelWords } from '../../lib/locales/format/service-words.ts'
import { focusedPane } from '../state.ts'
import { settingText } from '../../lib/locales/format/setting-text.ts'
import type { RecordEntry } from '../overlays/overlay-state.ts'
import type { State } from '../state.ts'
import { CONSOLE } from './console.ts'
import { unavailableReason } from './operate.ts'

const onPane = (pane: PaneName) => (state: State) =>
  !state.help.open && state.screen === 'settings' && focusedPane(state) === pane

function settingEntries(state: State): readonly RecordEntry[] {
  const setting = state.settings.answer?.settings.find(one => one.setting === state.selected.settings)
  if (setting === undefined) return []
  const { commands } = wordsOf(state)
  const { configColumns, source, takesEffect } = commands
  const { next } = setting
  const text = (value: string) => jsonLines(settingText(setting.setting, value, commands))
  return [
    { name: configColumns.value, text: text(setting.value) },
    ...(next === undefined ? [] : [{ name: takesEffect['after-restart'], text: text(next) }]),
    { name: configColumns.from, text: source[setting.source] },
    { name: configColumns.environment, text: setting.environment },
  ]
}

export const SETTINGS = {
  preferenceChange: {
    keys: ['enter', 'space'],
    group: 'act',
    footer: 2,
    applies: onPane('preferences'),
    run: (state, key) => {
      const { preferences } = state.selected
      if (preferences === 'theme') return CONSOLE.theme.run(state, key)
      return preferences === 'mouse' ? CONSOLE.mouse.run(state, key) : CONSOLE.language.run(state, key)
    },
  },
  channelTest: {
    keys: ['enter'],
    group: 'act',
    footer: 2,
    applies: onPane('channels'),
    refusal: (state, words) =>
      unavailableReason(state, words) ?? (state.selected.channels === null ? words.notify.none : null),
    run: (state, key) => {
      const { channels } = state.selected
      if (channels === null) return noEffects(state)
      const { activity, notify } = wordsOf(state)
      const said = activity.channelTest(channelWords(channels, notify))
      return dispatchCommand(state, key, { type: 'notify.test', channel: channels }, said)
    },
  },
  settingOpen: {
    keys: ['enter'],
    group: 'screens',
    footer: 10,
    applies: onPane('settings'),
    refusal: (state, { unavailable }) => (settingEntries(state).length === 0 ? unavailable.noTableRow : null),
    run: state => {
      const title = state.selected.settings ?? ''
      return noEffects({
        ...state,
        overlay: { type: 'record', title, entries: settingEntries(state), offset: 0 },
      })
    },
  },
} satisfies Partial<Record<ActionId, Binding>>
