import type { ErrorRecord } from '../../core/errors/errors.ts'
import type { PhaseRecord } from '../../model/job/phase.ts'
import type { TraceAfter, TraceLine } from '../../model/trace/trace-line.ts'
import type { SnapshotName } from './dom-snapshots.ts'

interface OpenAction {
  readonly callId: string
  readonly title: string
}

export interface PageCall {
  readonly pageId: string
  readonly title: string
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
}

export interface ActionSink {
  readonly now: () => number
  readonly write: (line: TraceLine) => void
  /** Returns true if snapshots are taken now. None are taken until a phase has become slow. */
  readonly slow: () => boolean
  /** Takes a snapshot of the main page for these names. */
  readonly snapshot: (names: readonly SnapshotName[]) => void
}

const MAIN_PAGE = 'page@1'

/**
 * Records the worker's activity as actions of the trace: phases, the steps within a phase, and the
 * calls to the page within a step.
 */
export class TraceActions {
  private readonly sink: ActionSink
  private count = 0
  private phase: OpenAction | undefined
  private step: OpenAction | undefined
  private failed: readonly TraceAfter[] = []

  constructor(sink: ActionSink) {
    this.sink = sink
  }

  beginPhase(name: string, index: number, count: number): void {
    this.phase = this.begin(`${index}/${count} ${name}`, 'phase', undefined, [])
  }

  beginStep(text: string): void {
    if (this.phase === undefined || this.step?.title === text) return
    const { slow, snapshot } = this.sink
    const names: SnapshotName[] = []
    if (this.step !== undefined) {
      const line = this.endLine(this.step, slow())
      this.sink.write(line)
      names.push(...namesOf(line))
    }
    this.step = this.begin(text, 'step', this.phase.callId, slow() ? names : null)
    if (names.length > 0) snapshot(names)
  }

  endPhase(status: PhaseRecord['status']): void {
    const { step, phase } = this
    if (phase === undefined) return
    const { slow, snapshot } = this.sink
    // The last snapshot of a failure is worth its cost.
    const withPicture = slow() || status === 'failed' || status === 'timed-out'
    const error = status === 'done' ? {} : { error: { name: 'Phase', message: status } }
    const ends = [step, phase].flatMap(action =>
      action === undefined ? [] : this.endLine(action, withPicture, error),
    )
    for (const line of ends) this.sink.write(line)
    this.failed = status === 'done' ? [] : ends
    const names = ends.flatMap(namesOf)
    if (names.length > 0) snapshot(names)
    this.step = undefined
    this.phase = undefined
  }

  /** Takes a snapshot of the current action, because the phase has become slow. */
  becameSlow(): void {
    const open = this.step ?? this.phase
    if (open === undefined) return
    const name = `input@${open.callId}`
    this.sink.write({ type: 'input', callId: open.callId, inputSnapshot: name })
    this.sink.snapshot([{ callId: open.callId, name }])
  }

  /** Records the error of the last phase, or of the worker outside of its phases. */
  fail({ name, message, stack }: ErrorRecord): void {
    const { failed, sink } = this
    // A second line for the same action replaces the first.
    for (const line of failed) sink.write({ ...line, error: { name, message, stack } })
    sink.write({ type: 'error', message: stack, stack: [] })
  }

  /**
   * Records the start of a call to a page, within the current step. Returns the id of the call;
   * undefined outside of phases.
   */
  call({ pageId, title, method, params }: PageCall): string | undefined {
    const parent = this.step ?? this.phase
    if (parent === undefined) return undefined
    const callId = this.nextId('call')
    const startTime = this.sink.now()
    this.sink.write({
      type: 'before',
      callId,
      parentId: parent.callId,
      pageId,
      startTime,
      title,
      class: 'Page',
      method,
      params: { ...params },
    })
    return callId
  }

  endCall(callId: string, more: Partial<Omit<TraceAfter, 'type' | 'callId'>> = {}): void {
    this.sink.write({ type: 'after', callId, endTime: this.sink.now(), ...more })
  }

  /**
   * Records the start of an action. The name of the action's own snapshot is added to `names`,
   * which is null if no snapshot is taken now.
   */
  private begin(
    title: string,
    kind: 'phase' | 'step',
    parentId: string | undefined,
    names: SnapshotName[] | null,
  ): OpenAction {
    const callId = this.nextId(kind)
    const beforeSnapshot = `before@${callId}`
    const pictured = kind === 'step' && names !== null
    if (pictured) names.push({ callId, name: beforeSnapshot })
    this.sink.write({
      type: 'before',
      callId,
      ...(parentId === undefined ? {} : { parentId }),
      pageId: MAIN_PAGE,
      startTime: this.sink.now(),
      title,
      class: 'Test',
      method: 'step',
      params: {},
      ...(pictured ? { beforeSnapshot } : {}),
    })
    return { callId, title }
  }

  private endLine(
    { callId }: OpenAction,
    pictured: boolean,
    more: Pick<TraceAfter, 'error'> = {},
  ): TraceAfter {
    const named = pictured ? { afterSnapshot: `after@${callId}` } : {}
    return { type: 'after', callId, endTime: this.sink.now(), ...named, ...more }
  }

  private nextId(kind: string): string {
    this.count += 1
    return `${kind}@${this.count}`
  }
}

function namesOf({ callId, afterSnapshot }: TraceAfter): SnapshotName[] {
  return afterSnapshot === undefined ? [] : [{ callId, name: afterSnapshot }]
}
