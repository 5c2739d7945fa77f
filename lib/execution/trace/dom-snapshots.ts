import type { CDPSession } from 'puppeteer'
import { z } from 'zod'
import { runOutsidePhases } from '../phases/phase-scope.ts'
import { SNAPSHOT_EXPRESSION } from './snapshot-script.ts'
import { redactAddresses } from '../../core/text/redact.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'

const IS_STYLE = /(?:^|:)style$/i
/**
 * Possible beginning of markup. A sign at the end of a text counts, because the next text may
 * continue it.
 */
const MARKUP = /<(?=[a-z/!?]|$)/gi

/** Name of the isolated world, which hides its code from the page's own scripts. */
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
  /** Writes a line; returns true if there was room. */
  readonly write: (line: SnapshotLine) => boolean
}

/**
 * Records the document of a page's main frame for the viewer. Never waits and never rejects. A
 * stuck page returns no snapshot, and no other is requested until its reply.
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

  /** Takes one snapshot for several names. */
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
      // The format lets a snapshot refer to an earlier one, by the number of snapshots since, and
      // the last node of that one, which is its root.
      const html = i === 0 ? withHarmlessStyles(taken.html) : [[i, taken.nodes - 1]]
      const snapshot = { callId, snapshotName: name, html, ...shared }
      if (!sink.write({ type: 'frame-snapshot', snapshot })) return
    }
  }
}

/**
 * Returns the document of a snapshot without markup in its styles, because a viewer writes their
 * texts unchanged. The escape would hide a secret from the redaction of the journal, so escaped
 * texts are redacted first.
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
