import type { CDPSession } from 'puppeteer'
import { z } from 'zod'
import { runOutsidePhases } from '../phases/phase-scope.ts'
import { SNAPSHOT_EXPRESSION } from './snapshot-script.ts'
import { redactAddresses } from '../../core/text/redact.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'

const IS_STYLE = /(?:^|:)style$/i
/**
 * Matches each "<" that may begin markup. A "<" at the end of a text counts, because the next text
 * may continue it.
 */
const MARKUP = /<(?=[a-z/!?]|$)/gi

/**
 * Name of the isolated world in which snapshots are taken. The page's own scripts cannot see its
 * code.
 */
const WORLD = 'automate-tui-trace'

const Taken = z.object({
  html: z.array(z.unknown()),
  nodes: z.int(),
  cut: z.boolean(),
  doctype: z.string(),
  url: z.string(),
  viewport: z.object({ width: z.number(), height: z.number() }),
})

/** The action of a snapshot, and the name that the action's lines use for the snapshot. */
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
  /** Writes a line; returns false if there is no room for it. */
  readonly write: (line: SnapshotLine) => boolean
}

/**
 * Records the document of a page's main frame for the viewer. Never blocks and never rejects. A
 * stuck page returns no snapshot, and no other snapshot is requested until the page replies.
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

  /** Resolves when the current snapshot has succeeded or failed. */
  get settled(): Promise<void> {
    return this.taking ?? Promise.resolve()
  }

  /** Takes one snapshot for several names. Does nothing while another snapshot is being taken. */
  take(names: readonly SnapshotName[]): void {
    if (this.taking !== undefined) return
    // A snapshot that an action of a phase requested may outlast the phase.
    this.taking = runOutsidePhases(() => this.takeNow(names))
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
      // In the trace format, a snapshot can refer to a node of an earlier snapshot by two numbers:
      // how many snapshots ago that one was taken, and the index of the node. The last node is the
      // root.
      const html = i === 0 ? withHarmlessStyles(taken.html) : [[i, taken.nodes - 1]]
      const snapshot = { callId, snapshotName: name, html, ...shared }
      if (!sink.write({ type: 'frame-snapshot', snapshot })) return
    }
  }
}

/**
 * Returns the document of a snapshot with the markup in its style elements escaped, because a
 * viewer writes the text of a style unchanged. An escape could hide a secret from the redaction of
 * the journal, so a text is redacted before it is escaped.
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
