import type { Clock } from '../../core/time/clock.ts'
import { AutomateError } from '../../core/errors/errors.ts'
import type { Json } from '../../core/errors/errors.ts'
import { requireKey } from '../../model/shared-key.ts'
import type { MemberRef } from '../../model/worker/documents.ts'
import { discoveryPolicy } from '../../authoring/discovery.ts'
import type { Discovery, OnceOptions } from '../../authoring/discovery.ts'
import type { OfferReply, PhaseBasics } from '../../authoring/phase-context.ts'
import { jsonCopyFault, toJson } from '../../authoring/results.ts'
import type { PhaseTools } from '../../authoring/workflow-runtime.ts'
import type { OpenBrowser } from '../browser/launch/open-browser.ts'
import type { Coordination } from '../coordination/coordination.ts'
import { delivered } from '../coordination/deliver.ts'
import type { AccountSession } from '../session/account-session.ts'
import { sharedMap } from '../shared/shared-map.ts'
import type { SharedPort } from '../shared/shared-port.ts'
import { humanOf } from '../takeover/human.ts'
import type { Takeover } from '../takeover/takeover.ts'
import type { PhaseWaits } from '../takeover/phase-waits.ts'
import type { WorkerLog } from '../worker/worker-log.ts'
import type { PhaseControl } from './phase-control.ts'
import type { StepTrail } from './step-trail.ts'
import type { Counter } from '../../authoring/shared-values.ts'

export interface ToolsOptions {
  readonly browser: OpenBrowser
  readonly member: MemberRef
  readonly interruption: PhaseControl
  readonly account: AccountSession
  readonly takeover: Takeover
  readonly waits: PhaseWaits
  readonly last: boolean
  /** Called when the author's code of the last phase has ended. */
  readonly workIsDone: () => void
  readonly trail: StepTrail
  /** True if the phase is retried after a failure of this try. */
  readonly triesAgain: boolean
  /** Returns the root cause of an error of the author's code, as the phase would report it. */
  readonly reasonOf: (thrown: unknown) => Promise<unknown>
  readonly log: WorkerLog
  readonly clock: Clock
  readonly coordination: Coordination
  readonly shared: SharedPort
  /** Offers a result and remembers it as this worker's own. */
  readonly offer: (result: Json) => Promise<OfferReply>
}

export interface Tools {
  readonly tools: PhaseTools
  /**
   * True if the author's code has read the signal, because only then does it need time to react.
   */
  readonly watchesSignal: () => boolean
  /** Settles when all offers of the phase have their replies. */
  readonly offersAnswered: () => Promise<unknown>
}

/** Builds the tools of one phase. */
export function phaseTools(options: ToolsOptions): Tools {
  const { browser, member, interruption, log, coordination, shared, triesAgain, waits } = options
  const { signal } = interruption
  const offers: Promise<OfferReply>[] = []
  const worker = { index: member.member - 1, count: member.members }
  let watched = false

  const discover: PhaseBasics['discover'] = async <T extends Json>(
    key: string,
    fn: () => T | Promise<T>,
    asked: OnceOptions = {},
  ): Promise<Discovery<T>> => {
    const { leaseMs, ...policy } = discoveryPolicy(key, asked)
    const leftMs = Math.ceil(interruption.leftMs())
    const { value, ...age } = await coordination.once(key, async () => jsonOf(key, await fn()), {
      ...policy,
      ...{ signal, triesAgain, onPause: interruption.onPause, reasonOf: options.reasonOf },
      deliver: sent => delivered(sent, `value of ${key}`, options),
      pauseFor: (timeoutMs, work) =>
        waits.during({ for: 'discovery', what: key, timeoutMs }, interruption, work),
      leaseMs: leaseMs === null ? leftMs : Math.min(leaseMs, leftMs),
    })
    if (isValueOf(value, fn)) return { value, ...age }
    throw new AutomateError('bug', `once("${key}") has no value.`)
  }

  return {
    tools: {
      page: browser.page,
      browserContext: browser.context,
      get signal() {
        watched = true
        return signal
      },
      step: options.trail.step,
      log: message => log.info(message),
      once: async (key, fn, asked) => (await discover(key, fn, asked)).value,
      discover,
      counter: name => sharedCounter(shared, name, member.jobId),
      sharedMap: (name, schema) => sharedMap(shared, name, schema),
      human: humanOf(options.takeover, interruption),
      share: list => list.filter((_, i) => i % worker.count === worker.index),
      worker,
      attempt: member.attempt,
      job: { id: member.jobId },
      offer: result => {
        const answer = delivered(options.offer(result), 'result', options)
        // The phase's end awaits the reply in any case, so an offer that the author does not await
        // is no stray rejection.
        answer.catch(() => undefined)
        offers.push(answer)
        return answer
      },
      last: options.last,
      workIsDone: options.workIsDone,
      logIn: plan => options.account.open(plan, browser, interruption),
    },
    watchesSignal: () => watched,
    offersAnswered: () => Promise.all(offers),
  }
}

function jsonOf(key: string, value: unknown): Json {
  const json = toJson(value)
  if (json !== undefined) return json
  const fault = jsonCopyFault(value)
  throw new AutomateError(
    'result-invalid',
    fault !== undefined
      ? `The value of once("${key}") ${fault}.`
      : `once("${key}") must return a JSON value: strings, numbers, booleans, null, arrays and plain objects.`,
    { facts: { key } },
  )
}

/**
 * Asserts the author's type of a value. The value under a key is the return value of this very
 * `fn`, here or in another worker of the same workflow.
 */
function isValueOf<T extends Json>(value: unknown, fn: () => T | Promise<T>): value is T {
  return value !== undefined && typeof fn === 'function'
}

/**
 * Returns a counter in the store. Each addition is one transaction of the owner, so that none is
 * lost between workers. Marks belong to the job.
 * @throws `workflow-invalid` if the name or a mark is no text of 1 to 200 characters.
 */
export function sharedCounter(store: SharedPort, name: string, jobId: number): Counter {
  requireKey('counter(…)', 'name', name)
  return {
    add: async (by = 1, { mark } = {}) => {
      if (mark !== undefined) requireKey(`counter("${name}")`, 'mark', mark)
      const input = { name, by, ...(mark === undefined ? {} : { mark: { jobId, text: mark } }) }
      return (await store.call('counters.increment', input)).value
    },
    value: async () => (await store.call('counters.read', { name })).value,
  }
}
