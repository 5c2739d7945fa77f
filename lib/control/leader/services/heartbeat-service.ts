import type { Clock } from '../../../core/time/clock.ts'
import { messageOf } from '../../../core/errors/errors.ts'
import { httpRequest } from '../../../notify/http-request.ts'
import type { Service } from '../../service.ts'

/** A monitor answers at once; beyond that this beat is lost, and the next one comes. */
const DEADLINE_MS = 10_000

export interface HeartbeatOptions {
  readonly url: string
  readonly everyMs: number
  readonly clock: Clock
  /** Rejects when something is wrong: then nobody is told that all is well. */
  readonly check: () => Promise<unknown>
}

/**
 * Calls an address again and again while all is well. Whoever listens there (a monitor with a dead man's switch) tells when the calls stop: nobody here could tell of the
 * scheduler's own death, or of its machine's.
 */
export function heartbeatService({ url, everyMs, clock, check }: HeartbeatOptions): Service {
  let forget: () => void = () => undefined
  let stopped = new AbortController()
  let trouble = ''
  const beat = async ({ signal }: AbortController) => {
    try {
      await check()
      const answer = await httpRequest({ url, method: 'GET' }, DEADLINE_MS, clock, signal)
      if (answer.status === null) trouble = answer.why
      else trouble = answer.status >= 200 && answer.status < 300 ? '' : `HTTP ${answer.status}`
    } catch (error) {
      trouble = messageOf(error)
    }
  }
  const round = async (life: AbortController) => {
    const dueAt = clock.monotonic() + everyMs
    await beat(life)
    if (life.signal.aborted) return
    forget = clock.after(Math.max(0, dueAt - clock.monotonic()), () => void round(life))
  }
  return {
    name: 'heartbeat',
    desiredAtFirst: 'running',
    essential: true,
    start() {
      stopped = new AbortController()
      // A monitor that does not answer does not hold up the start.
      void round(stopped)
      return Promise.resolve()
    },
    stop() {
      stopped.abort()
      forget()
      return Promise.resolve()
    },
    doing: () => (trouble === '' ? null : { what: 'trouble', message: trouble }),
  }
}
