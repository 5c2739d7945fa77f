import { z } from 'zod'
import { ERROR_CODES } from '../../core/errors/error-codes.ts'
import { MemberPart, WorkerId } from '../worker/documents.ts'
import { JobId, JobState } from '../job/job.ts'
import { Instant } from '../json.ts'
import { WorkflowName } from '../job/workflow.ts'

/** Which worker failed, and where it was. */
export const FailedPlace = MemberPart.omit({ attemptStartedAt: true }).extend({
  workerId: WorkerId,
  /** `4/6 add_step: button Add to cart`; empty outside of phases. */
  phase: z.string(),
})
export type FailedPlace = z.infer<typeof FailedPlace>

/** The error that a cause shows itself in. */
export const NoticedError = z.object({ name: z.string(), code: z.enum(ERROR_CODES), message: z.string() })
export type NoticedError = z.infer<typeof NoticedError>

/** The fate of a job after a failure. */
const JobFate = z.object({
  jobId: JobId,
  fate: z.enum(['retry', 'failed', 'succeeded', 'cancelled']),
  /** Tries that the job still has, the next one included; 0 after its end. */
  triesLeft: z.int().nonnegative(),
})
export type JobFate = z.infer<typeof JobFate>

const CrashNotification = z.object({
  kind: z.literal('crash'),
  /** `new`: its cause was not known. `back`: it had recovered. `repeated`: it goes on. `final`: jobs that were to be tried again have failed for good. */
  state: z.enum(['new', 'back', 'repeated', 'final']),
  /** The jobs of `places` whose fate is known. */
  jobs: z.exactOptional(z.array(JobFate)),
  error: NoticedError,
  /** The author's line that it came from. */
  frame: z.string().nullable(),
  /** Failures that this notice tells of, and all of this cause since `since`. */
  count: z.int().positive(),
  total: z.int().positive(),
  since: Instant,
  /** The first of them; `more` are left out. */
  places: z.array(FailedPlace),
  more: z.int().nonnegative(),
  /** The report that tells the most: its number, for `automate-tui crashes`; null where it has none yet. */
  crashId: z.int().positive().nullable(),
  /** The picture of the failure, relative to the project. */
  screenshot: z.string().nullable(),
  /** A worker was killed while it told of this by itself: nobody can know whether that arrived. */
  mayRepeat: z.boolean(),
})

const RecoveredNotice = z.object({
  kind: z.literal('recovered'),
  workflow: WorkflowName,
  error: NoticedError,
  /** Failures since `since`, and when the last was. */
  total: z.int().positive(),
  since: Instant,
  last: Instant,
})

const ConsoleEndedNotice = z.object({
  kind: z.literal('scheduler-ended'),
  /** The jobs that ran, and what has become of them. */
  jobs: z.array(z.object({ id: JobId, state: JobState })),
})

/** A folder of backups that could not be read, or not whole. The reason is null where it did not respond. */
const UnreadBackups = z.object({ folder: z.string(), reason: z.string().nullable() })
export type UnreadBackups = z.infer<typeof UnreadBackups>

const DatabaseDamagedNotification = z.object({
  kind: z.literal('database-damaged'),
  /** The damaged file, and the newest intact backup; null where none was found. */
  path: z.string(),
  backup: z.string().nullable(),
  /** Set where there may be an intact backup all the same. */
  unread: z.exactOptional(UnreadBackups),
})
export type DatabaseDamagedNotification = z.infer<typeof DatabaseDamagedNotification>

/** The file of the database was removed or replaced under its scheduler. */
const DatabaseRemovedNotice = z.object({
  kind: z.literal('database-removed'),
  path: z.string(),
  /** The copy of what it held; null where none could be written. */
  copy: z.string().nullable(),
})

/** Another version was installed, and the scheduler could not restart into it. */
const RestartFailedNotice = z.object({
  kind: z.literal('restart-failed'),
  /** The versions that ran before and that is installed now. */
  from: z.string(),
  to: z.string(),
  reason: z.string(),
})

/** The package that the scheduler runs from was removed from its folder. */
const PackageRemovedNotice = z.object({
  kind: z.literal('package-removed'),
  version: z.string(),
  folder: z.string(),
})
/** Worker processes cannot be started: no job starts until they can. */
const WorkersFailNotice = z.object({ kind: z.literal('workers-fail'), reason: z.string() })

/** Jobs have waited for long for a workflow that cannot be loaded. */
const WorkflowMissingNotice = z.object({
  kind: z.literal('workflow-missing'),
  workflow: WorkflowName,
  reason: z.string(),
})

/** The disk of a project is full: no job starts until it has room. */
const DiskFullNotice = z.object({
  kind: z.literal('disk-full'),
  /** The folder of the project. */
  folder: z.string(),
  freeMegabytes: z.int().nonnegative(),
  /** Free space at which jobs start again. */
  neededMegabytes: z.int().positive(),
})

/** The disk has room again after a `disk-full` notice. */
const DiskRoomNotice = z.object({ kind: z.literal('disk-room') })

/** The disk takes no write of the database: no job starts. The reason has the remedy. */
const WritesRefusedNotice = z.object({ kind: z.literal('writes-refused'), reason: z.string() })

/** The disk takes the writes of the database again after a `writes-refused` notice. */
const WritesResumedNotice = z.object({ kind: z.literal('writes-resumed') })

/** Another user can change the code of a project: no job starts. The reason has the remedy. */
const ProjectUntrustedNotice = z.object({ kind: z.literal('project-untrusted'), reason: z.string() })

/** Only trusted users can change the code again after a `project-untrusted` notice. */
const ProjectTrustedNotice = z.object({ kind: z.literal('project-trusted') })

/** The daily backup of the database failed; sent once for several failures in a row. */
const BackupFailedNotice = z.object({ kind: z.literal('backup-failed'), reason: z.string() })

/** An error that no code caught ended the scheduler. */
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

/** Many notices in one message: what came in quiet hours, in a storm, or while the channel was out of reach. */
const SummaryNotice = z.object({
  kind: z.literal('summary'),
  since: Instant,
  /** How many there are, and the first of them. */
  count: z.int().positive(),
  notices: z.array(SingleNotification),
})

/** One thing to tell, as facts: each channel puts it into words. */
export const Notification = z.discriminatedUnion('kind', [...SingleNotification.options, SummaryNotice])
export type Notification = z.infer<typeof Notification>
export type CrashNotification = z.infer<typeof CrashNotification>
