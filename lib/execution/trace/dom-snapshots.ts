import type { CDPSession } from 'puppeteer'
import { z } from 'zod'
import { SNAPSHOT_EXPRESSION } from './snapshot-script.ts'
import { redactAddresses } from '../../core/text/redact.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
const IS_STYLE = /(?:^|:)style$/i
/** Can begin markup. What follows the sign at the end of a text stands in the next one. */
const MARKUP = /<(?=[a-z/!?]|$)/gi

/** The page's own scripts see neither this world nor what it evaluates. */
const WORLD = 'automate-tui-trace'

const Taken = z.object({
  html: z.array(z.unknown()),
  nodes: z.int(),
  cut: z.boolean(),
  doctype: z.string(),
  url: z.string(),
  viewport: z.object({ width: z.number(), height: z.number() }),
})

/** Which action a snapshot belongs to, and the name by which the action's lines call it. */
export interface SnapshotName {
  readonly callId: string
  readonly name: string
}

type SnapshotLine = {
  readonly type: 'frame-snapshot'
  readonly snapshot: Readonly<Record<string, unknown>>
}

export interface SnapshotSink {
  readonly pageId: string
  readonly now: () => number
  /** Takes a line; tells whether there was room for it. */
  readonly write: (line: SnapshotLine) => boolean
}

/**
 * Takes the document of a page's main frame as the viewer shows it. Never waits and never rejects: a page that is stuck gives none, and no other is asked for
 * until it has answered.
 */
export class DomSnapshots {
  private readonly session: CDPSession
  private readonly sink: SnapshotSink
  private mainFrame: string | undefined
  private taking: Promise<void> | undefined

  constructor(session: CDPSession, sink: SnapshotSink) {
    this.session = session
    this.sink = sink
  }

  /** Resolves when the snapshot that is being taken is there, or could not be. */
  get settled(): Promise<void> {
    return this.taking ?? Promise.resolve()
  }

  /** Takes one snapshot for several names. */
  take(names: readonly SnapshotName[]): void {
    if (this.taking !== undefined) return
    this.taking = this.takeNow(names)
      .catch(() => undefined)
      .finally(() => {
        this.taking = undefined
      })
  }

  private async takeNow(names: readonly SnapshotName[]): Promise<void> {
    const { session, sink } = this
    const startedAt = sink.now()
    this.mainFrame ??= (await session.send('Page.getFrameTree')).frameTree.frame.id
    const frameId = this.mainFrame
    const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', {
      frameId,
      worldName: WORLD,
    })
    const { result } = await session.send('Runtime.evaluate', {
      expression: SNAPSHOT_EXPRESSION,
      contextId,
      returnByValue: true,
    })
    const taken = Taken.parse(result.value)
    const shared = {
      pageId: sink.pageId,
      frameId,
      frameUrl: taken.url,
      timestamp: startedAt,
      collectionTime: sink.now() - startedAt,
      doctype: taken.doctype,
      viewport: taken.viewport,
      isMainFrame: true,
      resourceOverrides: [],
    }
    for (const [i, { callId, name }] of names.entries()) {
      // The format lets a snapshot point into an earlier one: so many snapshots ago, and there the last node, which is the root.
      const html = i === 0 ? withHarmlessStyles(taken.html) : [[i, taken.nodes - 1]]
      const snapshot = { callId, snapshotName: name, html, ...shared }
      if (!sink.write({ type: 'frame-snapshot', snapshot })) return
    }
  }
}

/**
 * Returns the document of a snapshot without markup in its styles, because a viewer writes their texts as they are. The
 * escape would hide a secret from the redaction of the journal, so what is escaped is redacted before.
 */
export function withHarmlessStyles(node: unknown): unknown {
  if (!Array.isArray(node)) return node
  const name: unknown = node[0]
  const isStyle = typeof name === 'string' && IS_STYLE.test(name)
  return node.map((part: unknown, place) => {
    if (typeof part !== 'string') return withHarmlessStyles(part)
    return isStyle && place > 0 ? harmless(part) : part
  })
}

function harmless(css: string): string {
  return css.search(MARKUP) === -1
    ? css
    : redactAddresses(knownSecrets.redact(css)).replace(MARKUP, String.raw`\3c `)
}
