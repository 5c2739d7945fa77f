import { z } from 'zod'
import { ERROR_CODES } from '../../core/errors/error-codes.ts'
import { MemberPart, WorkerId } from '../worker/documents.ts'
import { JobId, JobState } from '../job/job.ts'
import { Instant } from '../json.ts'
import { WorkflowName } from '../job/workflow.ts'

/** The worker that failed, and its phase. */
export const FailedPlace = MemberPart.omit({ attemptStartedAt: true }).extend({
  workerId: WorkerId,
  /** `4/6 add_step: button Add to cart`; empty outside of phases. */
  phase: z.string(),
})
export type FailedPlace = z.infer<typeof FailedPlace>

/** The error of a root cause. */
export const NoticedError = z.object({ name: z.string(), code: z.enum(ERROR_CODES), message: z.string() })
export type NoticedError = z.infer<typeof NoticedError>

/** Outcome of a job after a failure. */
const JobOutcome = z.object({
  jobId: JobId,
  outcome: z.enum(['retry', 'failed', 'succeeded', 'cancelled']),
  /** Number of tries that remain for the job, including the next one; 0 after its end. */
  triesLeft: z.int().nonnegative(),
})
export type JobOutcome = z.infer<typeof JobOutcome>

const CrashNotification = z.object({
  kind: z.literal('crash'),
  /**
   * `new`: a root cause that was not known before. `back`: a root cause that had recovered.
   * `repeated`: a root cause that persists. `final`: jobs that had retries left have failed for
   * good.
   */
  state: z.enum(['new', 'back', 'repeated', 'final']),
  /** The jobs of `places` for which the outcome is known. */
  jobs: z.exactOptional(z.array(JobOutcome)),
  error: NoticedError,
  /** Line of the author's code in which the error began; null if unknown. */
  frame: z.string().nullable(),
  /**
   * Number of failures in this notice. `total` is the number of all failures of this root cause
   * since `since`.
   */
  count: z.int().positive(),
  total: z.int().positive(),
  since: Instant,
  /** The first failures. `more` is the number of failures that are left out. */
  places: z.array(FailedPlace),
  more: z.int().nonnegative(),
  /**
   * Number of the crash report that has the most information, for `automate-tui crashes`; null if
   * there is no report yet.
   */
  crashId: z.int().positive().nullable(),
  /** Path of the failure's screenshot, relative to the project; null if there is none. */
  screenshot: z.string().nullable(),
  /**
   * True if people may have received this notification before, because a worker was killed while it
   * was sending the notification itself.
   */
  mayRepeat: z.boolean(),
})

const RecoveredNotice = z.object({
  kind: z.literal('recovered'),
  workflow: WorkflowName,
  error: NoticedError,
  /** Number of failures since `since`, and the instant of the last. */
  total: z.int().positive(),
  since: Instant,
  last: Instant,
})

const ConsoleEndedNotice = z.object({
  kind: z.literal('scheduler-ended'),
  /** Jobs that were running, and their states. */
  jobs: z.array(z.object({ id: JobId, state: JobState })),
})

/**
 * A folder of backups that could not be read, or not as a whole. The reason is null if the folder
 * did not respond.
 */
const UnreadBackups = z.object({ folder: z.string(), reason: z.string().nullable() })
export type UnreadBackups = z.infer<typeof UnreadBackups>

const DatabaseDamagedNotification = z.object({
  kind: z.literal('database-damaged'),
  /**
   * Path of the damaged file, and path of the newest intact backup; null if no intact backup was
   * found.
   */
  path: z.string(),
  backup: z.string().nullable(),
  /** Set if an unread folder may contain an intact backup. */
  unread: z.exactOptional(UnreadBackups),
})
export type DatabaseDamagedNotification = z.infer<typeof DatabaseDamagedNotification>

/** Notice that the database file was removed or replaced while the scheduler had it open. */
const DatabaseRemovedNotice = z.object({
  kind: z.literal('database-removed'),
  path: z.string(),
  /** Path of a copy of the database's contents; null if no copy could be written. */
  copy: z.string().nullable(),
})

/**
 * Notice that another version was installed, and that the scheduler could not restart to run it.
 */
const RestartFailedNotice = z.object({
  kind: z.literal('restart-failed'),
  /** The previous version and the installed version. */
  from: z.string(),
  to: z.string(),
  reason: z.string(),
})

/** Notice that the package of the running scheduler was removed from its folder. */
const PackageRemovedNotice = z.object({
  kind: z.literal('package-removed'),
  version: z.string(),
  folder: z.string(),
})
/** Notice that worker processes cannot be started, so no job starts. */
const WorkersFailNotice = z.object({ kind: z.literal('workers-fail'), reason: z.string() })

/** Notice of jobs that have waited long for a workflow that cannot be loaded. */
const WorkflowMissingNotice = z.object({
  kind: z.literal('workflow-missing'),
  workflow: WorkflowName,
  reason: z.string(),
})

/** Notice that the project's disk is full. No job starts until the disk has room. */
const DiskFullNotice = z.object({
  kind: z.literal('disk-full'),
  /** Folder of the project. */
  folder: z.string(),
  freeMegabytes: z.int().nonnegative(),
  /** Free space, in megabytes, that jobs need to start again. */
  neededMegabytes: z.int().positive(),
})

/** Notice that the disk has room again after a `disk-full` notice. */
const DiskRoomNotice = z.object({ kind: z.literal('disk-room') })

/** Notice that the database cannot be written, so no job starts. The reason includes the remedy. */
const WritesRefusedNotice = z.object({ kind: z.literal('writes-refused'), reason: z.string() })

/** Notice that the database can be written again, after a `writes-refused` notice. */
const WritesResumedNotice = z.object({ kind: z.literal('writes-resumed') })

/**
 * Notice that another user can change the project's code, so no job starts. The reason includes the
 * remedy.
 */
const ProjectUntrustedNotice = z.object({ kind: z.literal('project-untrusted'), reason: z.string() })

/**
 * Notice that only trusted users can change the project's code again, after a `project-untrusted`
 * notice.
 */
const ProjectTrustedNotice = z.object({ kind: z.literal('project-trusted') })

/**
 * Notice that the daily backup of the database failed. Only one is sent for several failures in a
 * row.
 */
const BackupFailedNotice = z.object({ kind: z.literal('backup-failed'), reason: z.string() })

/** Notice that an uncaught error ended the scheduler. */
const SchedulerBugNotice = z.object({ kind: z.literal('scheduler-bug'), reason: z.string() })

const TestNotice = z.object({ kind: z.literal('test'), at: Instant })

const SingleNotification = z.discriminatedUnion('kind', [
  CrashNotification,
  RecoveredNotice,
  ConsoleEndedNotice,
  DatabaseDamagedNotification,
  DatabaseRemovedNotice,
  RestartFailedNotice,
  PackageRemovedNotice,
  WorkersFailNotice,
  WorkflowMissingNotice,
  DiskFullNotice,
  DiskRoomNotice,
  WritesRefusedNotice,
  WritesResumedNotice,
  ProjectUntrustedNotice,
  ProjectTrustedNotice,
  BackupFailedNotice,
  SchedulerBugNotice,
  TestNotice,
])
export type SingleNotification = z.infer<typeof SingleNotification>

/**
 * Several notices in one message, which were delayed by quiet hours, by a storm, or by an outage of
 * the channel.
 */
const SummaryNotice = z.object({
  kind: z.literal('summary'),
  since: Instant,
  /** Number of notices. The list has the first of them. */
  count: z.int().positive(),
  notices: z.array(SingleNotification),
})

/** One notification, as facts. Each channel turns the facts into a text. */
export const Notification = z.discriminatedUnion('kind', [...SingleNotification.options, SummaryNotice])
export type Notification = z.infer<typeof Notification>
export type CrashNotification = z.infer<typeof CrashNotification>
