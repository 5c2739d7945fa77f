import type { CDPSession, Protocol } from 'puppeteer'
import type { TraceLine } from '../../model/trace/trace-line.ts'
import { redactText } from '../../core/text/redact.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import type { Disposables } from '../browser/cdp/disposables.ts'

/** Maximum length of the text of one message, in UTF-16 code units. */
const TEXT_LIMIT = 4_000

export interface ConsoleSink {
  readonly pageId: string
  readonly now: () => number
  readonly write: (line: TraceLine) => void
}

/**
 * Records the console messages of a session's pages, Chrome's own messages about them, and uncaught
 * errors.
 */
export function recordConsole(session: CDPSession, subscriptions: Disposables, sink: ConsoleSink): void {
  const { pageId, now, write } = sink
  subscriptions.on(session, 'Runtime.consoleAPICalled', ({ type, args, stackTrace }) => {
    const [frame] = stackTrace?.callFrames ?? []
    write({
      type: 'console',
      time: now(),
      pageId,
      messageType: type,
      text: textOf(args.map(previewOf).join(' ')),
      args: [],
      location: locationOf(frame),
    })
  })
  subscriptions.on(session, 'Log.entryAdded', ({ entry: { level, text, url, lineNumber } }) =>
    write({
      type: 'console',
      time: now(),
      pageId,
      messageType: level,
      text: textOf(text),
      args: [],
      location: { url: url ?? '', lineNumber: lineNumber ?? 0, columnNumber: 0 },
    }),
  )
  subscriptions.on(session, 'Runtime.exceptionThrown', ({ exceptionDetails }) => {
    const stack = textOf(exceptionDetails.exception?.description ?? narrowed(exceptionDetails.text))
    const [message = ''] = stack.split('\n')
    const name = exceptionDetails.exception?.className ?? 'Error'
    write({
      type: 'event',
      class: 'BrowserContext',
      method: 'pageError',
      time: now(),
      pageId,
      params: { pageId, error: { error: { name, message, stack } } },
    })
  })
}

/**
 * Restores the Latin-1 characters in a text from Chrome. If code that was evaluated through
 * DevTools throws later, Chrome sends no exception, only a text in which each character from U+0080
 * to U+00FF is sign-extended ("é" becomes U+FFE9). A known secret would not be found in it.
 */
const narrowed = (text: string): string =>
  text.replaceAll(/[\uFF80-\uFFFF]/g, sign => String.fromCodePoint(sign.charCodeAt(0) & 0xff))

/**
 * Returns a text of the page without secrets. The text is shortened first, because a page can log
 * megabytes.
 */
const textOf = (text: string): string => redactText(knownSecrets.redact(knownSecrets.head(text, TEXT_LIMIT)))

function previewOf(arg: Protocol.Runtime.RemoteObject): string {
  if (arg.type === 'string') return String(arg.value)
  if (arg.unserializableValue !== undefined) return arg.unserializableValue
  return arg.value === undefined ? (arg.description ?? arg.type) : JSON.stringify(arg.value)
}

function locationOf(frame: Protocol.Runtime.CallFrame | undefined) {
  return {
    url: frame?.url ?? '',
    lineNumber: frame?.lineNumber ?? 0,
    columnNumber: frame?.columnNumber ?? 0,
  }
}
