import type { Page } from 'puppeteer'
import type { Clock } from '../../core/time/clock.ts'
import { withTimeout } from '../../core/time/timeout.ts'
import { errorToRecord, messageOf } from '../../core/errors/errors.ts'
import type { AutomateError, Json } from '../../core/errors/errors.ts'
import type { Recovery } from '../../core/errors/recovery.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import type { ResultComparator, RunnableWorkflow } from '../../authoring/workflow-runtime.ts'
import type { MemberRef } from '../../model/worker/documents.ts'
import type { Outcome } from '../../model/job/outcome.ts'
import { positionOf } from '../../model/job/phase.ts'
import type { PhasePosition } from '../../model/job/phase.ts'
import { suggestedPasswords } from '../../model/secrets/redact-schema.ts'
import { passwordsIn, secretsOfJob } from '../../model/secrets/schema-passwords.ts'
import type { JobBrowser } from '../browser/reuse/lease.ts'
import type { OpenBrowser } from '../browser/launch/open-browser.ts'
import type { Coordination } from '../coordination/coordination.ts'
import type { WorkerStore } from '../coordination/store-port.ts'
import { RateLimitReporter } from '../coordination/rate-limit-reporter.ts'
import { classifyError } from '../diagnostics/classify-error.ts'
import { publicAddress, sanitiseRecord } from '../../model/failure/error-text.ts'
import type { CallTracker } from '../phases/call-tracker.ts'
import { MemberPhases } from '../phases/member-phases.ts'
import { racePhase } from '../phases/race-phase.ts'
import { AccountSession } from '../session/account-session.ts'
import { localShared } from '../shared/local-shared.ts'
import { deferredShared } from '../shared/shared-port.ts'
import { failedByReplacement } from '../replaced-package.ts'
import type { StopRequest } from '../stop-request.ts'
import { Takeover } from '../takeover/takeover.ts'
import { PhaseWaits } from '../takeover/phase-waits.ts'
import type { MemberTrace } from '../trace/member-trace.ts'
import type { WorkerLog } from './worker-log.ts'
import type { WorkerState } from './worker-state.ts'

/**
 * Time limit to load a workflow's module. A module may import and compile much. A module that
 * awaits forever at its top level exceeds the limit, and so it is reported.
 */
const LOAD_LIMIT_MS = 60_000

/** Context of one worker's part of a job. */
export interface MemberContext {
  readonly member: MemberRef
  readonly input: Json
  readonly workflow: () => Promise<RunnableWorkflow>
  readonly browser: JobBrowser
  readonly calls: CallTracker
  /** True if another job may use the page later. */
  readonly reusesPage: boolean
  /**
   * Called only once the browser is open, so that the imports of the coordination do not delay its
   * start.
   */
  readonly coordination: (judge: ResultComparator) => Coordination
  /** Store for accounts, people and shared values; undefined for a worker without a store. */
  readonly store: (() => Promise<WorkerStore>) | undefined
  /** `data/state/pictures`. */
  readonly pictures: string
  readonly state: WorkerState
  readonly log: WorkerLog
  readonly clock: Clock
  readonly stop: StopRequest
  readonly abortGraceMs: number
  readonly trace: MemberTrace
  /** Receives the page on which a phase failed, for the screenshot of the failure. */
  readonly failedOn: (page: Page) => void
  /** Receives every piece of the author's code at its start. */
  readonly started: (work: Promise<unknown>) => void
}

/**
 * Runs one worker's part of a job and returns its outcome. Never rejects. The browser stays open,
 * for a screenshot of a failure.
 */
export async function runMember(world: MemberContext): Promise<Outcome> {
  const outcome = await runPhases(world)
  await world.trace.end(outcome)
  return outcome
}

async function runPhases(world: MemberContext): Promise<Outcome> {
  const { state, stop } = world
  let phases: MemberPhases | undefined
  const waits = new PhaseWaits(state, world.clock)
  const account = new AccountSession({ ...world, waits })
  const takeover = new Takeover({ ...world, waits })
  const refusals = new RateLimitReporter({ ...world, jobId: world.member.jobId })
  let answer: RecoveryPolicy | undefined
  let own: OwnBest | undefined
  try {
    const { browser, workflow } = await racePhase(begin(world), {
      signal: stop.signal,
      graceMs: () => 0,
      clock: world.clock,
      stray: () => undefined,
    })
    answer = recoveryPolicyOf(workflow, world.log)
    showBrowser(world, browser)
    world.trace.attach(browser)
    state.follow(world.trace)
    takeover.start(browser)
    const run = workflow.prepare(world.input)
    // A schema may trim or change a password, and the workflow only receives the parsed one.
    if (run.input !== undefined) knownSecrets.add(secretsOfJob(workflow.inputSchema(), run.input))
    const coordination = world.coordination(run.judge)
    const best = new OwnBest(coordination, run.judge)
    own = best
    phases = new MemberPhases({
      ...world,
      browser,
      coordination,
      shared: world.store === undefined ? localShared() : deferredShared(world.store),
      account,
      takeover,
      waits,
      count: workflow.phases.length,
      offer: result => best.offer(result),
      stop: stop.signal,
      late: stop.hearLate,
      lost: world.browser.lost,
      refused: refusals.onRateLimited,
      failedOn: world.failedOn,
    })
    await run.execute(phases)
    await account.keep(browser, world.browser.lost)
    return { status: 'succeeded', result: best.best ?? null }
  } catch (thrown) {
    if (phases?.workIsDone === true && keepsUndelivered(world)) {
      world.log.warn(
        'the scheduler ended before it accepted the result, so the result is kept for the next scheduler',
      )
      return { status: 'succeeded', result: own?.best ?? null }
    }
    const reason = await account.expired(await world.browser.blame(thrown))
    return outcomeOf(reason, phases?.failedAt ?? lastPhase(state), stop, answer)
  } finally {
    phases?.close()
    takeover.close()
    await Promise.all([account.release(), refusals.flush()])
  }
}

async function begin(world: MemberContext): Promise<{ browser: OpenBrowser; workflow: RunnableWorkflow }> {
  const loading = withTimeout(
    world.workflow(),
    LOAD_LIMIT_MS,
    'The import of the workflow module',
    world.clock,
  )
  const [browser, workflow] = await Promise.all([world.browser.opened, loading])
  const schema = workflow.inputSchema()
  knownSecrets.add([...passwordsIn(schema, world.input), ...suggestedPasswords(schema)])
  return { browser, workflow }
}

/**
 * True if a result that the scheduler has not accepted stays valid after the scheduler's end, so
 * that the work is not done twice. The next scheduler reads the result from the outcome. False for
 * a job with several workers, because only their own code can compare their results.
 */
function keepsUndelivered({ stop, member }: MemberContext): boolean {
  return stop.reason === 'shutdown' && member.members === 1
}

/** Returns the recovery of a failure. */
export type RecoveryPolicy = (failure: AutomateError) => Recovery

/**
 * Returns the workflow's recovery policy. The policy is the author's code. If it throws, the error
 * is logged, and the failure's own recovery applies.
 */
export function recoveryPolicyOf(workflow: RunnableWorkflow, log: WorkerLog): RecoveryPolicy {
  return failure => {
    try {
      return workflow.answer(failure)
    } catch (error) {
      log.error(`the workflow's recovery rules failed: ${messageOf(error)}`)
      return failure.recovery
    }
  }
}

/** Returns the outcome of a worker's part of a job that ended with an error. */
export function outcomeOf(
  thrown: unknown,
  phase: PhasePosition | null,
  stop: StopRequest,
  answer: RecoveryPolicy = ({ recovery }) => recovery,
): Outcome {
  const classified = classifyError(thrown, phase)
  if (classified.code === 'cancelled' && stop.reason !== undefined) {
    const late = stop.lateFailure
    return { status: 'cancelled', reason: stop.reason, phase, ...(late === undefined ? {} : { late }) }
  }
  if (failedByReplacement(thrown, phase)) return { status: 'cancelled', reason: 'restart', phase }
  classified.recovery = answer(classified)
  const error = sanitiseRecord(errorToRecord(classified))
  return { status: classified.code === 'phase-timeout' ? 'timed-out' : 'failed', error, phase }
}

function showBrowser(
  { state, browser, log }: MemberContext,
  { page, version, pid, devtools }: OpenBrowser,
): void {
  const { profile } = browser
  state.show({ pid, version, profile, devtools }, publicAddress(page.url()))
  page.on('framenavigated', frame => {
    if (frame === page.mainFrame()) state.navigated(publicAddress(frame.url()))
  })
  log.info(`browser ${version} started${devtools === null ? '' : `, DevTools at ${devtools}`}`)
}

/**
 * Returns the last phase that has ended, for a failure between two phases; null before the first
 * phase.
 */
function lastPhase({ history }: WorkerState): PhasePosition | null {
  const last = history.at(-1)
  return last === undefined ? null : positionOf(last)
}

/**
 * Remembers the best of this worker's own offers. It is the worker's result, whatever the other
 * workers have found.
 */
class OwnBest {
  private readonly coordination: Coordination
  private readonly judge: ResultComparator
  best: Json | undefined

  constructor(coordination: Coordination, judge: ResultComparator) {
    this.coordination = coordination
    this.judge = judge
  }

  offer(result: Json): ReturnType<Coordination['offer']> {
    if (this.best === undefined || this.judge.better(result, this.best)) this.best = result
    return this.coordination.offer(result)
  }
}
