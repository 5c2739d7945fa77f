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
 * The JSON documents in which the layers meet. Each carries its kind and version; a reader refuses what it does not know.
 * See lib/files for how they are written (atomically) and read (parsed on arrival).
 */

/** Worker ids stand in file names. */
export const WorkerId = z.string().regex(/^w[a-z0-9]{1,40}$/)

/** Stands for a worker in the report of a failure that none had: the job could not begin, or no worker offered a result in time. */
export const NO_WORKER = 'wnone'

/** Which part of which job is run. `attempt` fences: what is written under an older one is refused. */
export const MemberPart = z.object({
  jobId: JobId,
  attempt: z.int().positive(),
  /** 1-based place among the `members` workers of the job. */
  member: z.int().positive(),
  members: z.int().positive(),
  workflow: WorkflowName,
  /**
   * When the attempt was claimed. A job's number and an attempt's are given again after "db new" and
   * "db restore": only with this moment they name an attempt. Absent in documents of earlier versions.
   */
  attemptStartedAt: z.exactOptional(Instant),
})
export type MemberPart = z.infer<typeof MemberPart>

/** A member of a job, and the worker that runs it. */
export const MemberRef = MemberPart.extend({ workerId: WorkerId })
export type MemberRef = z.infer<typeof MemberRef>

export const BROWSER_KINDS = ['headless-shell', 'chromium', 'chrome', 'edge'] as const

/** How CDP reaches Chrome: over its pipe alone, or over a port beside it. */
export const CDP_TRANSPORTS = ['pipe', 'port'] as const

/** How the worker's Chrome is started. */
export const LaunchProfile = z.object({
  executable: z.string().min(1),
  kind: z.enum(BROWSER_KINDS),
  headless: z.boolean(),
  extraArgs: z.array(z.string()),
  cdp: z.enum(CDP_TRANSPORTS),
  /** The proxy that everything goes through, such as `http://host:port`, without credentials; null to go out directly. */
  proxyServer: z.string().nullable(),
  limits: JobLimits.default(DEFAULT_JOB_LIMITS),
})
export type LaunchProfile = z.infer<typeof LaunchProfile>

/** Control → worker: how a process begins, before there is work for it. `data/assignments/<workerId>.launch.json`. */
export const LaunchDocument = z.object({
  kind: z.literal('launch'),
  version: z.literal(1),
  /** The scheduler's program. A worker of another build ends with OTHER_BUILD_EXIT before it begins. */
  program: ProgramId,
  workerId: WorkerId,
  root: z.string(),
  launch: LaunchProfile,
  /** Chosen before the worker starts, so that it is swept whenever the worker dies. Its later browsers have `<profile>_2` and so on. */
  profile: z.string().regex(PROFILE_NAME),
})
export type LaunchDocument = z.infer<typeof LaunchDocument>

/** Source of the worker of a job: forked for the job, warm, or reused after an earlier job. */
export const WORKER_STARTS = ['cold', 'warm', 'reused'] as const
/** A document of an earlier version has "kept" for "reused". */
export const WorkerStart = z.preprocess(start => (start === 'kept' ? 'reused' : start), z.enum(WORKER_STARTS))
export type WorkerStart = z.infer<typeof WorkerStart>

/** Control → worker: a member of a job to run. `data/assignments/<workerId>.json`; the next one replaces it. */
export const Assignment = MemberRef.extend({
  kind: z.literal('assignment'),
  version: z.literal(2),
  file: z.string(),
  input: JsonValue,
  /**
   * The secrets of this job and of those that the worker had before. Who reads what the worker printed,
   * such as the scheduler that recovers a dead one, redacts them, and has not read the schemas of the
   * workflows by then.
   */
  secrets: z.exactOptional(z.array(z.string())),
  /** The stems of the files of the jobs that the worker had before. */
  stemsBefore: z.exactOptional(z.array(z.string())),
  /** The workflow's own answers to failures: Control follows them where the worker cannot say any more. */
  recovery: z.exactOptional(RecoveryTable),
  isolation: Isolation,
  start: WorkerStart,
  /** What its browser goes out through, by its name in the pool; null when it goes out directly. */
  proxy: ProxyId.nullable(),
  /** How long phases get to end after the abort, before the page is closed under them. */
  abortGraceMs: Milliseconds,
  trace: TraceSettings,
  /** How long the browser of a failure that asks for it stays open to be looked at; left out: not at all. */
  keepForMs: z.exactOptional(Milliseconds),
})
export type Assignment = z.infer<typeof Assignment>

/** `kept`: its job has failed and is over for it; its browser stays open for a person to look at. */
export const WORKER_STATES = ['starting', 'idle', 'busy', 'kept', 'stopping', 'exited'] as const
export const WorkerStateName = z.enum(WORKER_STATES)
export type WorkerStateName = z.infer<typeof WorkerStateName>

const CpuPercent = z.number().nonnegative()

/** Worker → everyone: what it is doing right now. `data/state/workers/<workerId>.json`. */
export const WorkerDocument = z.object({
  kind: z.literal('worker'),
  version: z.literal(2),
  workerId: WorkerId,
  /** What it runs, or ran last when it has exited; null while it waits for work. */
  job: MemberPart.extend({ start: WorkerStart }).nullable(),
  /** How many jobs it has been given so far. */
  jobs: z.int().nonnegative(),
  state: WorkerStateName,
  pid: z.int().positive(),
  /** The worker and its Chrome: what a sweep may end when their console did not. */
  processes: z.array(ProcessIdentity),
  startedAt: Instant,
  updatedAt: Instant,
  /** The phase that runs, or null before the first and after the last. */
  phase: LivePhase.nullable(),
  /** What it waits for while the phase's limit stands still; `phase.deadlineAt` allows for the longest wait meanwhile. */
  waiting: z.exactOptional(WorkerWait),
  /** The last wait that an answer ended, and the id of its order; empty for an order without one. */
  answered: z.exactOptional(z.object({ waitingId: WorkerWait.shape.id, orderId: z.string() })),
  /** While its state is `kept`: since when, and until when at most. */
  kept: z.exactOptional(z.object({ since: Instant, until: Instant })),
  /** The phases that have ended, oldest first. */
  history: z.array(PhaseRecord),
  browser: z
    .object({
      pid: z.int().positive().nullable(),
      version: z.string(),
      profile: z.string(),
      /** Where DevTools reach it, `http://127.0.0.1:<port>`; null without a port. */
      devtools: z.url().nullable(),
    })
    .nullable(),
  /** The page's address, without credentials and query. */
  url: z.string().nullable(),
  /** What the process holds, and all of its browser's processes as they were last measured: every few seconds while a job runs, and at its end. */
  memoryBytes: z.int().nonnegative(),
  /** How busy they were between the last two measures: percent of one processor. */
  cpuPercent: z.exactOptional(CpuPercent),
  /** The worker's log, relative to the project root. */
  log: z.string(),
  outcome: z.enum(['succeeded', 'failed', 'timed-out', 'cancelled', 'crashed']).nullable(),
})
export type WorkerDocument = z.infer<typeof WorkerDocument>

/** Worker → Control: how its part ended. `data/results/<workerId>.json`. */
export const OutcomeDocument = MemberRef.extend({
  kind: z.literal('outcome'),
  version: z.literal(1),
  endedAt: Instant,
  outcome: Outcome,
  history: z.array(PhaseRecord),
  /** What the worker and its browser hold after it. */
  memoryBytes: z.int().nonnegative(),
})
export type OutcomeDocument = z.infer<typeof OutcomeDocument>

/** One file a run left, relative to the project root. */
export const Artefact = z.object({ kind: z.string(), path: z.string() })
export type Artefact = z.infer<typeof Artefact>

/** The structured record of one failure. `data/crashes/job_<id>_<ts>.json`. */
export const CrashDocument = MemberRef.extend({
  kind: z.literal('crash'),
  version: z.literal(1),
  at: Instant,
  /** `worker` wrote it itself, or `control` made it from what the dead worker left. */
  writtenBy: z.enum(['worker', 'control']),
  error: ErrorRecord,
  phase: PhasePosition.nullable(),
  url: z.string().nullable(),
  browserVersion: z.string().nullable(),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  /** The last lines of the worker's log, oldest first. */
  lastLines: z.array(z.string()),
  artefacts: z.array(Artefact),
})
export type CrashDocument = z.infer<typeof CrashDocument>

export const SERVICE_STATES = ['stopped', 'starting', 'running', 'stopping', 'failed'] as const

/** What a running service does: the janitor has removed so many things or could not, a continuous workflow runs in a job, cron knows what is next, the notifier tells. */
export const ServiceDoing = z.discriminatedUnion('what', [
  z.object({ what: z.literal('swept'), count: z.int().nonnegative() }),
  z.object({ what: z.literal('trouble'), message: z.string() }),
  z.object({ what: z.literal('job'), id: JobId }),
  /** The next job that a schedule queues. */
  z.object({ what: z.literal('next-run'), schedule: ScheduleName, at: Instant }),
  /** The notifier has sent so many messages; some wait on a channel; some were refused there, and need a person. */
  z.object({ what: z.literal('told'), count: z.int().nonnegative() }),
  z.object({
    what: z.literal('waits-to-tell'),
    channel: ChannelName,
    count: z.int().positive(),
    why: z.string(),
  }),
  z.object({
    what: z.literal('may-not-tell'),
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
  /** Why it failed, for the operator; empty when there is nothing to say. */
  message: z.string(),
  /** What it does, as a fact that each reader puts into the words of its language. */
  doing: ServiceDoing.nullable(),
  /** Of one that has failed: how often in a row, and when it is started again; null when that is left to the operator. */
  restart: z.exactOptional(z.object({ failures: z.int().positive(), at: Instant.nullable() })),
})
export type ServiceDocument = z.infer<typeof ServiceDocument>

/** The scheduler's own state. `data/state/scheduler.json`; rewritten at least every few seconds while it lives. */
export const SchedulerDocument = z.object({
  kind: z.literal('scheduler'),
  version: z.literal(1),
  pid: z.int().positive(),
  startedAt: Instant,
  updatedAt: Instant,
  /** The program's version. */
  program: z.string(),
  /**
   * It claims jobs only while `scheduling`: a person has `paused` it, its disk is full (`no-room`), another user can
   * change its code (`untrusted`), or no worker process can be started (`no-worker`).
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
  /** Most workers at once. */
  slots: z.int().positive(),
  /** Workers that have a job. */
  active: z.int().nonnegative(),
  /** Workers that wait for one. */
  idle: z.int().nonnegative(),
  /** The domains that have asked to be left alone, some perhaps until a moment ago. */
  holds: z.array(DomainPause).default([]),
  /** Most workers at once on each domain; left out where nothing limits that. */
  domainWorkers: z.exactOptional(z.array(DomainLimit)),
  /** How many workers all proxies together can take now (`proxyWorkers`); left out where nothing limits that, and until they have been read. */
  proxyRoom: z.exactOptional(z.int().positive()),
  /** What it takes of the queue, where that is not all. */
  scope: z.exactOptional(ClaimScope),
  /** The store's revision: a reader that sees it grow reads the store again. */
  revision: z.int().nonnegative(),
  workflows: z.array(WorkflowDescription),
  broken: z.array(BrokenWorkflow),
  /** The workflows that cannot be loaded now and that jobs wait for; left out where none is missing. */
  missing: z.exactOptional(z.array(MissingWorkflow)),
  /** What the program's own process uses: bytes, and percent of one processor since the document before. Workers tell of themselves. */
  use: z.exactOptional(z.object({ memoryBytes: z.int().nonnegative(), cpuPercent: CpuPercent })),
  /** Another package was installed in place of this program's: it claims no more. The version is null while that package is not whole. */
  replaced: z.exactOptional(z.object({ version: z.string().nullable() })),
  /** While it drains: until when what runs may take to end. */
  drainUntil: z.exactOptional(Instant),
})
export type SchedulerDocument = z.infer<typeof SchedulerDocument>
