import { z } from 'zod'
import { PROFILE_NAME } from '../../core/ids.ts'
import { ChannelName } from '../failure/notified-marker.ts'
import { ProxyId } from '../proxy/proxy-address.ts'
import { DomainPause, DomainLimit } from '../job/domains.ts'
import { ErrorRecord } from '../failure/error-record.ts'
import { MissingWorkflow } from '../job/missing-workflow.ts'
import { Instant, JsonValue, Milliseconds } from '../json.ts'
import { ClaimScope, JobId } from '../job/job.ts'
import { DEFAULT_JOB_LIMITS, JobLimits } from '../job/job-limits.ts'
import { Outcome } from '../job/outcome.ts'
import { DeliveryRejection } from '../notify/delivery-rejection.ts'
import { ProgramId } from './program-id.ts'
import { ProcessIdentity } from './process-identity.ts'
import { LivePhase, PhasePosition, PhaseRecord } from '../job/phase.ts'
import { WorkerWait } from './worker-wait.ts'
import { RecoveryTable } from '../failure/recovery-table.ts'
import { ScheduleName } from '../schedule/schedule.ts'
import { TraceSettings } from '../trace/trace-settings.ts'
import { BrokenWorkflow, Isolation, WorkflowDescription, WorkflowName } from '../job/workflow.ts'

/**
 * The JSON documents that the layers exchange. Each has a kind and a version, and a reader refuses
 * unknown versions. lib/files writes the documents atomically and parses them on arrival.
 */

/** A worker's id, also used in file names. */
export const WorkerId = z.string().regex(/^w[a-z0-9]{1,40}$/)

/**
 * Placeholder worker in the report of a failure without a worker: the job could not begin, or no
 * worker offered a result in time.
 */
export const NO_WORKER = 'wnone'

/** The part of a job to run. `attempt` fences: writes under an older attempt are refused. */
export const MemberPart = z.object({
  jobId: JobId,
  attempt: z.int().positive(),
  /** 1-based position among the job's `members` workers. */
  member: z.int().positive(),
  members: z.int().positive(),
  workflow: WorkflowName,
  /**
   * Instant of the attempt's claim. "db new" and "db restore" reuse job numbers and attempt
   * numbers, so only this instant makes an attempt unique. Absent in documents of earlier versions.
   */
  attemptStartedAt: z.exactOptional(Instant),
})
export type MemberPart = z.infer<typeof MemberPart>

/** A member of a job, and its worker. */
export const MemberRef = MemberPart.extend({ workerId: WorkerId })
export type MemberRef = z.infer<typeof MemberRef>

export const BROWSER_KINDS = ['headless-shell', 'chromium', 'chrome', 'edge'] as const

/** Transports of CDP to Chrome: its pipe alone, or a port in addition. */
export const CDP_TRANSPORTS = ['pipe', 'port'] as const

/** Start options of the worker's Chrome. */
export const LaunchProfile = z.object({
  executable: z.string().min(1),
  kind: z.enum(BROWSER_KINDS),
  headless: z.boolean(),
  extraArgs: z.array(z.string()),
  cdp: z.enum(CDP_TRANSPORTS),
  /**
   * The proxy for all requests, such as `http://host:port`, without credentials; null to connect
   * directly.
   */
  proxyServer: z.string().nullable(),
  limits: JobLimits.default(DEFAULT_JOB_LIMITS),
})
export type LaunchProfile = z.infer<typeof LaunchProfile>

/**
 * Control → worker: the start of a process, before its first assignment.
 * `data/assignments/<workerId>.launch.json`.
 */
export const LaunchDocument = z.object({
  kind: z.literal('launch'),
  version: z.literal(1),
  /** The scheduler's program. A worker of another build ends at its start with OTHER_BUILD_EXIT. */
  program: ProgramId,
  workerId: WorkerId,
  root: z.string(),
  launch: LaunchProfile,
  /**
   * Profile of the first browser. The profile is chosen before the worker starts, so that the
   * profile is removed even if the worker dies early. Later browsers have `<profile>_2` and so on.
   */
  profile: z.string().regex(PROFILE_NAME),
})
export type LaunchDocument = z.infer<typeof LaunchDocument>

/** Source of a job's worker: forked for the job, warm, or reused after an earlier job. */
export const WORKER_STARTS = ['cold', 'warm', 'reused'] as const
/** Reads "kept" in documents of earlier versions as "reused". */
export const WorkerStart = z.preprocess(start => (start === 'kept' ? 'reused' : start), z.enum(WORKER_STARTS))
export type WorkerStart = z.infer<typeof WorkerStart>

/**
 * Control → worker: a member of a job to run. `data/assignments/<workerId>.json`; the next
 * assignment replaces it.
 */
export const Assignment = MemberRef.extend({
  kind: z.literal('assignment'),
  version: z.literal(2),
  file: z.string(),
  input: JsonValue,
  /**
   * Secrets of this job and of the worker's earlier jobs, for readers of the worker's output, such
   * as a scheduler that recovers a dead worker. Such a reader redacts the secrets without the
   * workflows' schemas, which it has not read by then.
   */
  secrets: z.exactOptional(z.array(z.string())),
  /** Stems of the files of the worker's earlier jobs. */
  stemsBefore: z.exactOptional(z.array(z.string())),
  /** The workflow's own recoveries. Control applies them if the worker can no longer report. */
  recovery: z.exactOptional(RecoveryTable),
  isolation: Isolation,
  start: WorkerStart,
  /** Name of its browser's proxy in the pool; null for a direct connection. */
  proxy: ProxyId.nullable(),
  /** Time for a phase to end after the abort, before its page is closed. */
  abortGraceMs: Milliseconds,
  trace: TraceSettings,
  /**
   * Time for which the browser of a failure is held open, if the failure requests it; omitted for
   * none.
   */
  keepForMs: z.exactOptional(Milliseconds),
})
export type Assignment = z.infer<typeof Assignment>

/** `kept`: its job has failed and its part is over, but its browser is held open for a person. */
export const WORKER_STATES = ['starting', 'idle', 'busy', 'kept', 'stopping', 'exited'] as const
export const WorkerStateName = z.enum(WORKER_STATES)
export type WorkerStateName = z.infer<typeof WorkerStateName>

const CpuPercent = z.number().nonnegative()

/** Worker → all: its current activity. `data/state/workers/<workerId>.json`. */
export const WorkerDocument = z.object({
  kind: z.literal('worker'),
  version: z.literal(2),
  workerId: WorkerId,
  /**
   * Current job of the worker, or its last job once the worker has exited; null while the worker
   * waits for a job.
   */
  job: MemberPart.extend({ start: WorkerStart }).nullable(),
  /** Number of jobs assigned so far. */
  jobs: z.int().nonnegative(),
  state: WorkerStateName,
  pid: z.int().positive(),
  /** The worker and its Chrome, for a sweep to end if their console did not. */
  processes: z.array(ProcessIdentity),
  startedAt: Instant,
  updatedAt: Instant,
  /** The running phase; null before the first and after the last. */
  phase: LivePhase.nullable(),
  /**
   * Its wait while the phase's limit is paused. `phase.deadlineAt` then includes the longest wait.
   */
  waiting: z.exactOptional(WorkerWait),
  /**
   * The last wait that a person's reply ended, and the id of its order; empty for an order without
   * an id.
   */
  answered: z.exactOptional(z.object({ waitingId: WorkerWait.shape.id, orderId: z.string() })),
  /** Start and latest end of the state `kept`. */
  kept: z.exactOptional(z.object({ since: Instant, until: Instant })),
  /** Ended phases, oldest first. */
  history: z.array(PhaseRecord),
  browser: z
    .object({
      pid: z.int().positive().nullable(),
      version: z.string(),
      profile: z.string(),
      /** Address of DevTools, `http://127.0.0.1:<port>`; null without a port. */
      devtools: z.url().nullable(),
    })
    .nullable(),
  /** The page's address, without credentials and query. */
  url: z.string().nullable(),
  /**
   * Memory of the process and of all its browser's processes at the last measurement, taken every
   * few seconds while a job runs and at its end.
   */
  memoryBytes: z.int().nonnegative(),
  /** Processor use between the last two measurements, in percent of one processor. */
  cpuPercent: z.exactOptional(CpuPercent),
  /** Path of the worker's log, relative to the project root. */
  log: z.string(),
  outcome: z.enum(['succeeded', 'failed', 'timed-out', 'cancelled', 'crashed']).nullable(),
})
export type WorkerDocument = z.infer<typeof WorkerDocument>

/** Worker → Control: the end of its part. `data/results/<workerId>.json`. */
export const OutcomeDocument = MemberRef.extend({
  kind: z.literal('outcome'),
  version: z.literal(1),
  endedAt: Instant,
  outcome: Outcome,
  history: z.array(PhaseRecord),
  /** Memory of the worker and its browser afterwards. */
  memoryBytes: z.int().nonnegative(),
})
export type OutcomeDocument = z.infer<typeof OutcomeDocument>

/** One file of a run, relative to the project root. */
export const Artefact = z.object({ kind: z.string(), path: z.string() })
export type Artefact = z.infer<typeof Artefact>

/** The structured record of one failure. `data/crashes/job_<id>_<ts>.json`. */
export const CrashDocument = MemberRef.extend({
  kind: z.literal('crash'),
  version: z.literal(1),
  at: Instant,
  /** Writer: the `worker` itself, or `control` from the files of the dead worker. */
  writtenBy: z.enum(['worker', 'control']),
  error: ErrorRecord,
  phase: PhasePosition.nullable(),
  url: z.string().nullable(),
  browserVersion: z.string().nullable(),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  /** Last lines of the worker's log, oldest first. */
  lastLines: z.array(z.string()),
  artefacts: z.array(Artefact),
})
export type CrashDocument = z.infer<typeof CrashDocument>

export const SERVICE_STATES = ['stopped', 'starting', 'running', 'stopping', 'failed'] as const

/**
 * A running service's activity as facts, such as the janitor's counts, the job of a continuous
 * workflow, cron's next run or the notifier's messages.
 */
export const ServiceDoing = z.discriminatedUnion('what', [
  z.object({ what: z.literal('swept'), count: z.int().nonnegative() }),
  z.object({ what: z.literal('trouble'), message: z.string() }),
  z.object({ what: z.literal('job'), id: JobId }),
  /** The next job that a schedule queues. */
  z.object({ what: z.literal('next-run'), schedule: ScheduleName, at: Instant }),
  /**
   * The notifier has sent `count` messages. Others wait on a channel, or were refused and need a
   * person.
   */
  z.object({ what: z.literal('sent'), count: z.int().nonnegative() }),
  z.object({
    what: z.literal('retrying'),
    channel: ChannelName,
    count: z.int().positive(),
    why: z.string(),
  }),
  z.object({
    what: z.literal('rejected'),
    channel: ChannelName,
    count: z.int().positive(),
    why: z.string(),
    refusal: DeliveryRejection,
  }),
])
export type ServiceDoing = z.infer<typeof ServiceDoing>

/** The state of one service. `data/state/services/<name>.json`. */
export const ServiceDocument = z.object({
  kind: z.literal('service'),
  version: z.literal(1),
  name: z.string().regex(/^[a-z][a-z0-9-]{0,79}$/),
  desired: z.enum(['running', 'stopped']),
  actual: z.enum(SERVICE_STATES),
  since: Instant,
  restarts: z.int().nonnegative(),
  /** Reason of its failure, for the operator; empty if there is none. */
  message: z.string(),
  /** Its activity, as a fact that each reader puts into the words of its language. */
  doing: ServiceDoing.nullable(),
  /**
   * Restart of a failed service: the number of failures in a row, and the instant of the restart;
   * null if the operator must restart it.
   */
  restart: z.exactOptional(z.object({ failures: z.int().positive(), at: Instant.nullable() })),
})
export type ServiceDocument = z.infer<typeof ServiceDocument>

/**
 * The scheduler's own state. `data/state/scheduler.json`, rewritten at least every few seconds
 * while the scheduler lives.
 */
export const SchedulerDocument = z.object({
  kind: z.literal('scheduler'),
  version: z.literal(1),
  pid: z.int().positive(),
  startedAt: Instant,
  updatedAt: Instant,
  /** The program's version. */
  program: z.string(),
  /**
   * Claims happen only in `scheduling`. The other phases: a person has `paused` it, its disk is
   * full (`no-room`), another user can change its code (`untrusted`), or no worker process can be
   * started (`no-worker`).
   */
  phase: z.enum([
    'starting',
    'scheduling',
    'paused',
    'no-room',
    'untrusted',
    'no-worker',
    'draining',
    'stopped',
  ]),
  /** Most simultaneous workers. */
  slots: z.int().positive(),
  /** Workers with a job. */
  active: z.int().nonnegative(),
  /** Workers that wait for a job. */
  idle: z.int().nonnegative(),
  /** Domains that asked for a pause. Some pauses may have just ended. */
  holds: z.array(DomainPause).default([]),
  /** Most simultaneous workers on each domain; omitted for no limit. */
  domainWorkers: z.exactOptional(z.array(DomainLimit)),
  /**
   * Number of workers that all proxies together can take now (`proxyWorkers`); omitted for no
   * limit, and until the proxies have been read.
   */
  proxyRoom: z.exactOptional(z.int().positive()),
  /** Its part of the queue; omitted for the whole queue. */
  scope: z.exactOptional(ClaimScope),
  /** The store's revision. A reader rereads the store when the revision grows. */
  revision: z.int().nonnegative(),
  workflows: z.array(WorkflowDescription),
  broken: z.array(BrokenWorkflow),
  /** Workflows that cannot be loaded now while jobs wait for them; omitted if none is missing. */
  missing: z.exactOptional(z.array(MissingWorkflow)),
  /**
   * Use of the program's own process: bytes, and percent of one processor since the document
   * before. Workers report their own use.
   */
  use: z.exactOptional(z.object({ memoryBytes: z.int().nonnegative(), cpuPercent: CpuPercent })),
  /**
   * Set once another package has replaced this program's, so the scheduler claims no more jobs. The
   * version is null while that package is incomplete.
   */
  replaced: z.exactOptional(z.object({ version: z.string().nullable() })),
  /** Deadline of running jobs while the scheduler drains. */
  drainUntil: z.exactOptional(Instant),
})
export type SchedulerDocument = z.infer<typeof SchedulerDocument>
