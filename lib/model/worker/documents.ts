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
 * a version that it does not know. lib/files writes the documents atomically, and parses them when
 * they are read.
 */

/** A worker's id, also used in file names. */
export const WorkerId = z.string().regex(/^w[a-z0-9]{1,40}$/)

/**
 * Id of the worker in the report of a failure without a worker: the job could not begin, or no
 * worker offered a result in time.
 */
export const NO_WORKER = 'wnone'

/**
 * The part of a job that one worker runs. `attempt` is a fencing token: writes under an older
 * attempt are refused.
 */
export const MemberPart = z.object({
  jobId: JobId,
  attempt: z.int().positive(),
  /** Number of the worker among the `members` workers of the job (1-based). */
  member: z.int().positive(),
  members: z.int().positive(),
  workflow: WorkflowName,
  /**
   * Instant at which the attempt was claimed. "db new" and "db restore" reuse the numbers of jobs
   * and attempts, so only this instant makes an attempt unique. Absent in documents of earlier
   * versions.
   */
  attemptStartedAt: z.exactOptional(Instant),
})
export type MemberPart = z.infer<typeof MemberPart>

/** A member of a job, with the worker that runs it. */
export const MemberRef = MemberPart.extend({ workerId: WorkerId })
export type MemberRef = z.infer<typeof MemberRef>

export const BROWSER_KINDS = ['headless-shell', 'chromium', 'chrome', 'edge'] as const

/** Transports of the DevTools protocol (CDP) to Chrome: only a pipe, or also a port. */
export const CDP_TRANSPORTS = ['pipe', 'port'] as const

/** Options with which a worker starts its Chrome. */
export const LaunchProfile = z.object({
  executable: z.string().min(1),
  kind: z.enum(BROWSER_KINDS),
  headless: z.boolean(),
  extraArgs: z.array(z.string()),
  cdp: z.enum(CDP_TRANSPORTS),
  /**
   * Address of the proxy for all requests, such as `http://host:port`, without credentials; null to
   * connect directly.
   */
  proxyServer: z.string().nullable(),
  limits: JobLimits.default(DEFAULT_JOB_LIMITS),
})
export type LaunchProfile = z.infer<typeof LaunchProfile>

/**
 * Control → worker: what a process needs to start, before its first assignment.
 * `data/assignments/<workerId>.launch.json`.
 */
export const LaunchDocument = z.object({
  kind: z.literal('launch'),
  version: z.literal(1),
  /**
   * Program of the scheduler. A worker of another build ends when it starts, with OTHER_BUILD_EXIT.
   */
  program: ProgramId,
  workerId: WorkerId,
  root: z.string(),
  launch: LaunchProfile,
  /**
   * Name of the first browser's profile. It is chosen before the worker starts, so that the profile
   * is removed even if the worker dies early. The profiles of later browsers are named
   * `<profile>_2` and so on.
   */
  profile: z.string().regex(PROFILE_NAME),
})
export type LaunchDocument = z.infer<typeof LaunchDocument>

/**
 * Origin of a job's worker: forked for the job (`cold`), started ahead of need (`warm`), or reused
 * after an earlier job.
 */
export const WORKER_STARTS = ['cold', 'warm', 'reused'] as const
/** Reads "kept" in documents of earlier versions as "reused". */
export const WorkerStart = z.preprocess(start => (start === 'kept' ? 'reused' : start), z.enum(WORKER_STARTS))
export type WorkerStart = z.infer<typeof WorkerStart>

/**
 * Control → worker: a member of a job that the worker runs. `data/assignments/<workerId>.json`; the
 * next assignment replaces the file.
 */
export const Assignment = MemberRef.extend({
  kind: z.literal('assignment'),
  version: z.literal(2),
  file: z.string(),
  input: JsonValue,
  /**
   * Secrets of this job and of the worker's earlier jobs. They are for readers of the worker's
   * output, such as a scheduler that recovers the files of a dead worker. Such a reader can redact
   * the secrets without the schemas of the workflows, which it has not read at that time.
   */
  secrets: z.exactOptional(z.array(z.string())),
  /** Beginnings of the names of the files that the worker's earlier jobs made. */
  stemsBefore: z.exactOptional(z.array(z.string())),
  /** The workflow's own recoveries. Control applies them if the worker can no longer report. */
  recovery: z.exactOptional(RecoveryTable),
  isolation: Isolation,
  start: WorkerStart,
  /** Id of the browser's proxy; null for a direct connection. */
  proxy: ProxyId.nullable(),
  /** Time that a phase has to end after its signal has aborted, before its page is closed. */
  abortGraceMs: Milliseconds,
  trace: TraceSettings,
  /**
   * Time for which the browser is held open after a failure with such a recovery; omitted if it is
   * not held open.
   */
  keepForMs: z.exactOptional(Milliseconds),
})
export type Assignment = z.infer<typeof Assignment>

/**
 * A worker that is `kept` has failed its job and has no further part in it, but its browser is held
 * open for a person.
 */
export const WORKER_STATES = ['starting', 'idle', 'busy', 'kept', 'stopping', 'exited'] as const
export const WorkerStateName = z.enum(WORKER_STATES)
export type WorkerStateName = z.infer<typeof WorkerStateName>

const CpuPercent = z.number().nonnegative()

/** Worker → all: the current state of the worker. `data/state/workers/<workerId>.json`. */
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
  /** The worker and its Chrome. A sweep ends them if their scheduler did not. */
  processes: z.array(ProcessIdentity),
  startedAt: Instant,
  updatedAt: Instant,
  /** The running phase; null before the first phase and after the last. */
  phase: LivePhase.nullable(),
  /**
   * The worker's wait; omitted if it does not wait. The limit of the phase is paused during the
   * wait, and `phase.deadlineAt` includes the longest possible wait.
   */
  waiting: z.exactOptional(WorkerWait),
  /**
   * The last wait that ended with a person's reply, and the id of the command with the reply; empty
   * if the command had no id.
   */
  answered: z.exactOptional(z.object({ waitingId: WorkerWait.shape.id, orderId: z.string() })),
  /** Start of the state `kept`, and the instant at which it ends at the latest. */
  kept: z.exactOptional(z.object({ since: Instant, until: Instant })),
  /** Phases that have ended, oldest first. */
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
  /** Address of the page, without credentials and query. */
  url: z.string().nullable(),
  /**
   * Memory of the worker's process and of all processes of its browser, in bytes, at the last
   * measurement. It is measured every few seconds while a job runs, and at the end of the job.
   */
  memoryBytes: z.int().nonnegative(),
  /** Use of the processor between the last two measurements, in percent of one processor. */
  cpuPercent: z.exactOptional(CpuPercent),
  /** Path of the worker's log, relative to the project root. */
  log: z.string(),
  outcome: z.enum(['succeeded', 'failed', 'timed-out', 'cancelled', 'crashed']).nullable(),
})
export type WorkerDocument = z.infer<typeof WorkerDocument>

/** Worker → Control: the outcome of the worker's part. `data/results/<workerId>.json`. */
export const OutcomeDocument = MemberRef.extend({
  kind: z.literal('outcome'),
  version: z.literal(1),
  endedAt: Instant,
  outcome: Outcome,
  history: z.array(PhaseRecord),
  /** Memory of the worker and its browser after the job, in bytes. */
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
  /** Writer of the report: the `worker` itself, or `control`, from the files of a dead worker. */
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
 * Present work of a running service, as facts: for example the counts of the janitor, the job of a
 * continuous workflow, the next run of cron, or the messages of the notifier.
 */
export const ServiceDoing = z.discriminatedUnion('what', [
  z.object({ what: z.literal('swept'), count: z.int().nonnegative() }),
  z.object({ what: z.literal('trouble'), message: z.string() }),
  z.object({ what: z.literal('job'), id: JobId }),
  /** The next run of a schedule. */
  z.object({ what: z.literal('next-run'), schedule: ScheduleName, at: Instant }),
  /**
   * The notifier has sent `count` messages. Other messages wait for a channel, or were refused and
   * need a person.
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
  /** Reason of the service's failure, for the operator; empty if it has not failed. */
  message: z.string(),
  /**
   * Present work of the service, as facts that each reader puts into the words of its language;
   * null for none.
   */
  doing: ServiceDoing.nullable(),
  /**
   * Restart of a failed service: the number of failures in a row, and the instant at which the
   * service is restarted; null if the operator must restart it.
   */
  restart: z.exactOptional(z.object({ failures: z.int().positive(), at: Instant.nullable() })),
})
export type ServiceDocument = z.infer<typeof ServiceDocument>

/**
 * State of the scheduler. `data/state/scheduler.json`, which is rewritten at least every few
 * seconds while the scheduler runs.
 */
export const SchedulerDocument = z.object({
  kind: z.literal('scheduler'),
  version: z.literal(1),
  pid: z.int().positive(),
  startedAt: Instant,
  updatedAt: Instant,
  /** Version of the program. */
  program: z.string(),
  /**
   * Jobs are claimed only in `scheduling`. Among the other phases: a person has paused the
   * scheduler (`paused`), the disk is full (`no-room`), another user can change the project's code
   * (`untrusted`), or no worker process can be started (`no-worker`).
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
  /** Maximum number of simultaneous workers. */
  slots: z.int().positive(),
  /** Number of workers that have a job. */
  active: z.int().nonnegative(),
  /** Number of workers that wait for a job. */
  idle: z.int().nonnegative(),
  /** Pauses that domains have asked for. Some of the pauses may have just ended. */
  holds: z.array(DomainPause).default([]),
  /** Maximum numbers of simultaneous workers on domains; omitted if there is no limit. */
  domainWorkers: z.exactOptional(z.array(DomainLimit)),
  /**
   * Number of workers that all proxies together can have at present, by `proxyWorkers`; omitted if
   * there is no limit, and until the proxies have been read.
   */
  proxyRoom: z.exactOptional(z.int().positive()),
  /** The part of the queue that the scheduler works on; omitted for the whole queue. */
  scope: z.exactOptional(ClaimScope),
  /** Revision of the store. A reader reads the store again when the revision has increased. */
  revision: z.int().nonnegative(),
  workflows: z.array(WorkflowDescription),
  broken: z.array(BrokenWorkflow),
  /** Workflows that cannot be loaded now and that jobs wait for; omitted if there are none. */
  missing: z.exactOptional(z.array(MissingWorkflow)),
  /**
   * Use of the machine by the scheduler's process: memory in bytes, and the processor in percent of
   * one processor, since the previous document. Workers report their own use.
   */
  use: z.exactOptional(z.object({ memoryBytes: z.int().nonnegative(), cpuPercent: CpuPercent })),
  /**
   * Set if another package has replaced the package of this program, so that the scheduler claims
   * no more jobs. The version is null while the new package is incomplete.
   */
  replaced: z.exactOptional(z.object({ version: z.string().nullable() })),
  /**
   * Instant until which the scheduler waits for running jobs while it drains; omitted if there is
   * no such limit, or if it does not drain.
   */
  drainUntil: z.exactOptional(Instant),
})
export type SchedulerDocument = z.infer<typeof SchedulerDocument>
