import { dirname, parse, relative } from 'node:path'
import type { MissingWorkflow } from '../../../model/job/missing-workflow.ts'
import { brokenWords } from '../../../model/job/workflow.ts'
import type { BrokenWorkflow, WorkflowDescription } from '../../../model/job/workflow.ts'
import { wakeFor } from '../../decide/scheduler-view.ts'
import type { Moment } from '../../decide/scheduler-view.ts'
import type { KnownWorkflows } from '../../workflow-catalogue.ts'

/**
 * Longest wait of jobs for a workflow that no file exports. A deployment may remove the old files
 * before it writes the new ones.
 */
export const REMOVED_GRACE_MS = 10 * 60_000

/**
 * Longest wait of the job of "run" for its workflow. It is short, because a person waits for the
 * job.
 */
export const SCOPED_GRACE_MS = 60_000

/**
 * Time for which jobs wait for a workflow before people are notified. Most deployments take less.
 */
export const NOTIFY_AFTER_MS = 10 * 60_000

/**
 * First interval at which files are read again. The intervals grow. A file that a workflow imports
 * may change without an event.
 */
const FIRST_LOOK_MS = 15_000
const LONGEST_LOOK_MS = 10 * 60_000

const MAX_PROBLEMS = 3
const PROBLEM_LIMIT = 300

/**
 * A missing workflow, and the time of the monotonic clock at which its jobs fail. `endsAt` is null
 * if they never do.
 */
interface Missing {
  readonly missing: MissingWorkflow
  readonly endsAt: number | null
}

/** A workflow that jobs wait for. */
interface Awaited {
  readonly since: Moment
  notified: boolean
}

/**
 * Tracks the workflows that jobs ask for but that cannot be loaded now. Their jobs wait, and use up
 * no attempt. If a workflow is neither known nor missing here, it was removed longer ago than its
 * grace, and its jobs fail.
 */
export class MissingWorkflows {
  private readonly root: string
  private readonly isScoped: boolean
  /** All workflows that have ever been known, by name, with their last descriptions. */
  private readonly seen = new Map<string, WorkflowDescription>()
  /** Moment since which no file has exported a workflow that was known before, by name. */
  private readonly removedSince = new Map<string, Moment>()
  private readAt: Moment | undefined
  private readonly awaited = new Map<string, Awaited>()
  private known: ReadonlySet<string> = new Set()
  private broken: readonly BrokenWorkflow[] = []
  private absent: readonly string[] = []
  private lookAt = 0
  private lookAfterMs = FIRST_LOOK_MS

  /** `isScoped` is true if the scheduler runs for one job only. */
  constructor(root: string, isScoped: boolean) {
    this.root = root
    this.isScoped = isScoped
  }

  /** Updates the known workflows. Called once all files have been read. */
  update({ workflows, broken, absent = [] }: KnownWorkflows, moment: Moment): void {
    this.readAt ??= moment
    this.broken = broken
    this.absent = absent
    this.known = new Set(workflows.map(({ name }) => name))
    for (const workflow of workflows) this.seen.set(workflow.name, workflow)
    for (const name of this.seen.keys()) {
      if (this.known.has(name) || this.unread(name) !== undefined) this.removedSince.delete(name)
      else if (!this.removedSince.has(name)) this.removedSince.set(name, moment)
    }
  }

  /** Records the names of workflows that jobs wait for. */
  wait(names: Iterable<string>, moment: Moment): void {
    for (const name of names) {
      if (this.awaited.has(name)) continue
      this.awaited.set(name, { since: moment, notified: false })
      this.lookAfterMs = FIRST_LOOK_MS
      this.lookAt = moment.monotonic + FIRST_LOOK_MS
    }
  }

  /**
   * Removes the workflows that no job needs to wait for. Returns the names of those that can be
   * loaded again.
   */
  forgetOthers(names: ReadonlySet<string>): string[] {
    const gone = [...this.awaited.keys()].filter(name => this.known.has(name) || !names.has(name))
    for (const name of gone) this.awaited.delete(name)
    return gone.filter(name => this.known.has(name))
  }

  /** Returns true if the jobs of an unknown workflow wait for it, and false if they fail. */
  isAwaited(name: string, moment: Moment): boolean {
    return this.missing(name, this.awaited.get(name)?.since ?? moment, moment) !== undefined
  }

  /** Returns the workflows that jobs wait for now. */
  list(moment: Moment): MissingWorkflow[] {
    return this.all(moment).map(({ missing }) => missing)
  }

  /**
   * Returns the workflows that jobs have been waiting for longer than `NOTIFY_AFTER_MS`. Each is
   * returned only once.
   */
  takeLong(moment: Moment): MissingWorkflow[] {
    return this.list(moment).filter(({ name, until }) => {
      const awaited = this.awaited.get(name)
      // If the jobs are going to fail, people are notified of that failure instead.
      if (awaited === undefined || awaited.notified || until !== undefined) return false
      awaited.notified = moment.monotonic >= awaited.since.monotonic + NOTIFY_AFTER_MS
      return awaited.notified
    })
  }

  /** Returns true if it is time to read the files again without an event. */
  takeLook(moment: Moment): boolean {
    if (moment.monotonic < this.lookAt || this.list(moment).length === 0) return false
    this.lookAfterMs = Math.min(2 * this.lookAfterMs, LONGEST_LOOK_MS)
    this.lookAt = moment.monotonic + this.lookAfterMs
    return true
  }

  /**
   * Returns the epoch ms at which the jobs of a workflow fail or the files are to be read again;
   * null if neither is due. If `mayLook` is false, only the failures count.
   */
  dueAt(moment: Moment, mayLook: boolean): number | null {
    const missing = this.all(moment)
    if (missing.length === 0) return null
    const ends = missing.flatMap(({ endsAt }) => endsAt ?? [])
    const first = Math.min(mayLook ? this.lookAt : Infinity, ...ends)
    return first === Infinity ? null : wakeFor(first, moment)
  }

  private all(moment: Moment): Missing[] {
    return [...this.awaited].flatMap(([name, { since }]) => this.missing(name, since, moment) ?? [])
  }

  private missing(name: string, since: Moment, moment: Moment): Missing | undefined {
    if (this.known.has(name)) return undefined
    const unread = this.unread(name)
    if (this.isScoped) return ends(unread ?? { name, why: 'removed' }, since, SCOPED_GRACE_MS, moment)
    if (unread !== undefined) return { missing: unread, endsAt: null }
    const removedSince = this.removedSince.get(name) ?? this.readAt
    if (removedSince === undefined) return undefined
    return ends({ name, why: 'removed' }, removedSince, REMOVED_GRACE_MS, moment)
  }

  /**
   * Returns the missing workflow with the unreadable files, or the missing folder, that may export
   * it. Returns undefined if there are none.
   */
  private unread(name: string): MissingWorkflow | undefined {
    const problems = this.filesOf(name)
      .slice(0, MAX_PROBLEMS)
      .map(one => problemOf(one, this.root))
    if (problems.length > 0) return { name, why: 'broken', problems }
    const seen = this.seen.get(name)
    const folder = this.absent.find(one => seen === undefined || dirname(seen.file) === one)
    return folder === undefined ? undefined : { name, why: 'folder', folder: relative(this.root, folder) }
  }

  /**
   * Returns the broken files that may export a workflow. This is the file that exported it before,
   * or else the files that are named like it. If the workflow was never known and no file is named
   * like it, returns all broken files that never exported another workflow.
   */
  private filesOf(name: string): readonly BrokenWorkflow[] {
    const seen = this.seen.get(name)
    const own = this.broken.filter(({ file }) => file === seen?.file)
    if (own.length > 0) return own
    const others = new Set([...this.seen.values()].map(({ file }) => file))
    const files = this.broken.filter(({ file }) => !others.has(file))
    const named = files.filter(({ file }) => parse(file).name === name)
    return named.length > 0 || seen !== undefined ? named : files
  }
}

function ends(
  missing: MissingWorkflow,
  since: Moment,
  graceMs: number,
  { monotonic }: Moment,
): Missing | undefined {
  const endsAt = since.monotonic + graceMs
  return monotonic >= endsAt ? undefined : { missing: { ...missing, until: since.now + graceMs }, endsAt }
}

function problemOf({ file, error }: BrokenWorkflow, root: string): string {
  const words = brokenWords(file, error.message, relative(root, file)).replaceAll(/\s+/g, ' ')
  return words.length <= PROBLEM_LIMIT ? words : `${words.slice(0, PROBLEM_LIMIT - 1)}…`
}
