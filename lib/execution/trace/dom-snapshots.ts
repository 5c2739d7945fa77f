import type { CDPSession } from 'puppeteer'
import { z } from 'zod'
import { SNAPSHOT_EXPRESSION } from './snapshot-script.ts'
import { withHarmlessStyles } from './style-texts.ts'

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
