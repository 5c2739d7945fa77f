import type { ChannelHealth } from '../../lib/model/notify/outbox-message.ts'
import { proxyState } from '../../lib/model/proxy/proxy.ts'
import type { ProxyHealth } from '../../lib/model/proxy/proxy.ts'
import { lastFailureWords } from '../../lib/locales/format/proxy-words.ts'
import { sanitiseLine } from '../../lib/core/text/sanitise.ts'
import { troubleLines } from '../../lib/locales/format/channel-trouble.ts'
import type { Rect } from '../layout.ts'
import type { Setting } from '../../lib/app/port/lookup.ts'
import { channelWords } from '../../lib/locales/format/service-words.ts'
import { settingText } from '../../lib/locales/format/setting-text.ts'
import { PREFERENCES } from '../queries/settings-view.ts'
import type { Preference } from '../queries/settings-view.ts'
import type { Content, Page } from './page.ts'
import { count } from './pane-words.ts'
import type { Row } from './drawing/row.ts'
import { listRows } from './drawing/table.ts'
import { cut, wrap } from './drawing/text.ts'

/**
 * Returns the text of a pane without rows: before the settings have been read, after they could not
 * be read, or if there are none.
 */
function emptyOf(page: Page, words: string): string {
  const { answer } = page.state.settings
  if (answer === null) return page.t.words.empty.settings
  return answer.problems.length > 0 ? `! ${answer.problems.join(' ')}` : words
}

/** Returns the operator's preferences for this console. */
export function preferencesContent(page: Page, rect: Rect): Content {
  const { words } = page.t
  const { theme, mouse } = page.state
  const said: Readonly<Record<Preference, string>> = {
    language: words.language,
    theme: words.themes[theme],
    mouse: mouse ? words.settings.on : words.settings.off,
  }
  const list = listRows<Preference>(page, {
    ...{ pane: 'preferences', items: PREFERENCES, id: one => one, headed: false, empty: '' },
    ...page.inside(rect),
    columns: [
      {
        ...{ title: '', width: 12, rank: 0 },
        cell: (one, cells) => [page.span(cut(words.settings[one], cells), 'muted')],
      },
      {
        ...{ title: '', width: 8, grows: true, rank: 0 },
        cell: (one, cells) => [page.span(cut(said[one], cells))],
      },
    ],
  })
  return { title: words.panes.preferences, ...list }
}

/** Returns the notification channels, with their health. */
export function channelsContent(page: Page, rect: Rect): Content {
  const { words, ...t } = page.t
  const { notify } = words
  const list = listRows<ChannelHealth>(page, {
    ...{ pane: 'channels', items: page.state.settings.answer?.channels ?? [], headed: true },
    ...{ id: ({ channel }) => channel, empty: emptyOf(page, notify.none) },
    ...page.inside(rect),
    columns: [
      {
        ...{ title: notify.columns.channel, width: 9, grows: true, rank: 0 },
        cell: (one, cells) => [
          page.span(
            cut(`${one.refusal === null ? '' : '! '}${channelWords(one.channel, notify)}`, cells),
            one.refusal === null ? 'text' : 'warn',
          ),
        ],
      },
      {
        ...{ title: notify.columns.sent, width: 7, align: 'right', rank: 0 },
        cell: ({ sent }) => [page.span(t.number(sent), 'muted')],
      },
      {
        ...{ title: notify.columns.waiting, width: 9, align: 'right', rank: 1 },
        cell: ({ waiting }) => [page.span(t.number(waiting), waiting > 0 ? 'warn' : 'muted')],
      },
      {
        ...{ title: notify.columns.refused, width: 9, align: 'right', rank: 2 },
        cell: ({ parked }) => [page.span(t.number(parked), parked > 0 ? 'bad' : 'muted')],
      },
    ],
  })
  const chosen = page.state.settings.answer?.channels.find(
    ({ channel }) => channel === page.state.selected.channels,
  )
  const trouble = chosen === undefined ? [] : troubleLines(chosen, words)
  const said = trouble.flatMap(line => wrap(sanitiseLine(line), page.inside(rect).width))
  const told = said.map((line): Row => [page.span(line, 'warn')])
  return {
    title: words.panes.channels,
    ...list,
    rows: [...list.rows, ...(told.length > 0 ? [[], ...told] : [])],
  }
}

const PROXY_ROLES = { healthy: 'good', cooling: 'warn', trial: 'warn' } as const
const PROXY_GLYPHS = { healthy: '●', cooling: '◐', trial: '◑' } as const

/** Returns the proxies of the browsers, with their health. */
export function proxiesContent(page: Page, rect: Rect): Content {
  const { words, ...t } = page.t
  const { columns, state, none, fault } = words.proxies
  const items = page.state.settings.answer?.proxies ?? []
  const list = listRows<ProxyHealth>(page, {
    ...{ pane: 'proxies', items, headed: true, id: ({ id }) => id, empty: emptyOf(page, none) },
    ...page.inside(rect),
    columns: [
      {
        ...{ title: columns.state, width: 14, rank: 0 },
        cell: (proxy, cells) => {
          const now = proxyState(proxy, page.state.now)
          return [page.span(cut(`${PROXY_GLYPHS[now]} ${state[now]}`, cells), PROXY_ROLES[now])]
        },
      },
      {
        ...{ title: columns.proxy, width: 12, grows: true, rank: 0 },
        cell: ({ id }, cells) => [page.span(cut(sanitiseLine(id), cells))],
      },
      {
        ...{ title: columns.successes, width: 8, align: 'right', rank: 2 },
        cell: ({ successes }) => [page.span(t.number(successes), 'muted')],
      },
      {
        ...{ title: columns.failures, width: 7, align: 'right', rank: 1 },
        cell: ({ failures }) => [page.span(t.number(failures), failures > 0 ? 'warn' : 'muted')],
      },
      {
        ...{ title: columns.lastError, width: 20, rank: 3 },
        cell: (proxy, cells) => [page.span(cut(sanitiseLine(lastFailureWords(proxy, fault)), cells), 'bad')],
      },
    ],
  })
  return { title: words.panes.proxies, note: count(page, items.length), ...list }
}

/**
 * Returns every setting with its present value and the source of that value. Secrets were already
 * hidden when the settings were read.
 */
export function settingsContent(page: Page, rect: Rect): Content {
  const { words } = page.t
  const { configColumns, source } = words.commands
  const list = listRows<Setting>(page, {
    ...{ pane: 'settings', items: page.state.settings.answer?.settings ?? [], headed: true },
    ...{ id: ({ setting }) => setting, empty: emptyOf(page, '') },
    ...page.inside(rect),
    columns: [
      {
        ...{ title: configColumns.setting, width: 16, rank: 0 },
        cell: ({ setting }, cells) => [page.span(cut(setting, cells), 'title')],
      },
      {
        ...{ title: configColumns.value, width: 10, grows: true, rank: 0 },
        cell: (one, cells) => valueCell(page, one, cells),
      },
      {
        ...{ title: configColumns.from, width: 11, rank: 1 },
        cell: one => [page.span(source[one.source], one.source === 'default' ? 'muted' : 'key')],
      },
    ],
  })
  return { title: words.panes.settings, ...list }
}

/** Returns the value of a setting. If another value waits for a restart, a note comes before it. */
function valueCell(page: Page, { setting, value, next }: Setting, cells: number): Row {
  const { commands } = page.t.words
  const said = (json: string) => sanitiseLine(settingText(setting, json, commands))
  if (next === undefined) return [page.span(cut(said(value), cells))]
  const text = `! ${said(value)} (${commands.takesEffect['after-restart']}: ${said(next)})`
  return [page.span(cut(text, cells), 'warn')]
}
