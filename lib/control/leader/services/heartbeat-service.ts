import type { Clock } from '../../../core/time/clock.ts'
import { messageOf } from '../../../core/errors/errors.ts'
import { httpRequest } from '../../../notify/http-request.ts'
import type { Service } from '../../service.ts'

/**
 * Timeout of a heartbeat. A monitor normally replies at once, and a lost heartbeat is followed by
 * the next one.
 */
const DEADLINE_MS = 10_000

export interface HeartbeatOptions {
  readonly url: string
  readonly everyMs: number
  readonly clock: Clock
  /** Rejects if something is wrong. No heartbeat is sent then. */
  readonly check: () => Promise<unknown>
}

/**
 * Returns the service that requests `url` at intervals, as long as `check` passes. At that address
 * a monitor (dead man's switch) notifies people when the requests stop. The scheduler itself could
 * not report its own death, or that of its machine.
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
      // A monitor that does not reply must not delay the start.
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
