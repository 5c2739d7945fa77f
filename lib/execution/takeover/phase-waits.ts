import type { Clock } from '../../core/time/clock.ts'
import { raceAbort } from '../../core/time/timeout.ts'
import { AutomateError } from '../../core/errors/errors.ts'
import { sanitiseLine } from '../../core/text/sanitise.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import { redactSchema } from '../../model/secrets/redact-schema.ts'
import type { WorkerWait } from '../../model/worker/worker-wait.ts'
import type { PhaseControl } from '../phases/phase-control.ts'
import type { WorkerState } from '../worker/worker-state.ts'

/** Maximum length of a request to a person in the console, in UTF-16 code units. */
const WHAT_LIMIT = 200

/** Maximum length of the reason for a refused reply, in UTF-16 code units. */
const WHY_LIMIT = 500

/** A current wait, for the reply of a person. */
export interface OpenWait {
  readonly id: number
  /** Publishes the refusal of a reply, with its reason; the wait continues. */
  readonly refuse: (why: string) => void
  /** Records the command that brings the reply and so ends the wait. The first one counts. */
  readonly take: (orderId: string | undefined) => void
  /** Publishes that the page accepted an input, or the reason for a refusal. */
  readonly judged: (orderId: string, why?: string) => void
}

export interface Wait {
  readonly for: WorkerWait['for']
  readonly what: string
  readonly fields?: NonNullable<WorkerWait['fields']>
  readonly timeoutMs: number
}

/**
 * Number of waits in this process. Unique across jobs, so that the next job of a reused browser
 * accepts no reply to a wait of the job before.
 */
let count = 0

/**
 * Manages the waits of one worker. Each wait pauses the time limit of its phase, and the state
 * document of the worker shows the wait.
 */
export class PhaseWaits {
  private readonly state: WorkerState
  private readonly clock: Clock

  constructor(state: WorkerState, clock: Clock) {
    this.state = state
    this.clock = clock
  }

  /**
   * Waits for `work`. The signal of `work` aborts when the wait is over, because the time is up, or
   * the phase was interrupted or has ended. Rejects with code `wait-timeout` when the time is up,
   * with the reason of an interruption, and with `cancelled` when the phase has ended.
   */
  async during<T>(
    wait: Wait,
    phase: Pick<PhaseControl, 'over' | 'pause' | 'pauseFor' | 'leftMs'>,
    work: (signal: AbortSignal, wait: OpenWait) => Promise<T>,
  ): Promise<T> {
    phase.over.throwIfAborted()
    const id = ++count
    const since = this.clock.now()
    const ended = new AbortController()
    // A wait on another waiting worker is not propagated, because two of them would pause each
    // other forever. A wait for the scheduler is not propagated either, because a scheduler that
    // accepts no result receives no notification.
    const quiet = wait.for === 'discovery' || wait.for === 'scheduler'
    const release = quiet ? phase.pause() : phase.pauseFor(wait.timeoutMs)
    const forgetLimit = this.clock.after(wait.timeoutMs, () => ended.abort(timeUp(wait)))
    const interrupted = () => ended.abort(phase.over.reason)
    phase.over.addEventListener('abort', interrupted, { once: true })
    let waiting: WorkerWait = {
      id,
      for: wait.for,
      what: sanitiseLine(knownSecrets.redact(wait.what), WHAT_LIMIT),
      ...(wait.fields === undefined ? {} : { fields: redactSchema(wait.fields) }),
      since,
      deadlineAt: Math.round(since + wait.timeoutMs),
    }
    this.state.wait(waiting, phase.leftMs())
    const refuse = (why: string) => {
      const count = (waiting.refused?.count ?? 0) + 1
      waiting = { ...waiting, refused: { count, why: shownReason(why) } }
      this.state.wait(waiting, phase.leftMs())
    }
    let taken: string | undefined
    const take = (orderId = '') => {
      taken ??= orderId
    }
    const judged = (orderId: string, why?: string) => {
      const reason = why === undefined ? {} : { why: shownReason(why) }
      waiting = { ...waiting, input: { id: orderId, ...reason } }
      this.state.wait(waiting, phase.leftMs())
    }
    try {
      return await raceAbort(work(ended.signal, { id, refuse, take, judged }), ended.signal)
    } finally {
      forgetLimit()
      phase.over.removeEventListener('abort', interrupted)
      // Work that still runs for this wait is notified of its end.
      ended.abort(new AutomateError('cancelled', 'The wait is over.'))
      release()
      this.state.goOn(id, phase.leftMs(), taken)
    }
  }

  /**
   * Publishes the deadline of a phase after an unpublished pause, because the watchdog reads it.
   * Does nothing if the phase has ended.
   */
  moveDeadline(phase: Pick<PhaseControl, 'over' | 'leftMs'>): void {
    if (!phase.over.aborted) this.state.moveDeadline(phase.leftMs())
  }
}

const shownReason = (why: string): string => sanitiseLine(knownSecrets.redact(why), WHY_LIMIT)

function timeUp({ for: whom, what, timeoutMs }: Wait): AutomateError {
  const limit = `${timeoutMs} ms`
  const facts = { what, timeoutMs }
  switch (whom) {
    case 'account':
      return new AutomateError(
        'wait-timeout',
        `The account ${what} did not become free within ${limit}. Give its jobs fewer workers, or a shorter limit to its long jobs.`,
        { facts },
      )
    case 'discovery':
      return new AutomateError('wait-timeout', `No worker of the job found "${what}" within ${limit}.`, {
        facts,
      })
    case 'scheduler':
      return new AutomateError('wait-timeout', `The scheduler did not accept the ${what} within ${limit}.`, {
        facts,
      })
    case 'person':
      return new AutomateError(
        'wait-timeout',
        `No person did what the workflow asked for within ${limit}: ${what}`,
        {
          facts,
        },
      )
    case 'operator':
      return new AutomateError(
        'wait-timeout',
        `The operator paused the worker and did not resume it within ${limit}.`,
        {
          facts,
        },
      )
  }
}
