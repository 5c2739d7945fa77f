import { dirname, parse, relative } from 'node:path'
import type { MissingWorkflow } from '../../../model/job/missing-workflow.ts'
import { brokenWords } from '../../../model/job/workflow.ts'
import type { BrokenWorkflow, WorkflowDescription } from '../../../model/job/workflow.ts'
import { wakeFor } from '../../decide/scheduler-view.ts'
import type { Moment } from '../../decide/scheduler-view.ts'
import type { KnownWorkflows } from '../../workflow-catalogue.ts'

/** The jobs of a workflow that no file exports wait so long: a deployment removes files before it writes the new ones. */
export const REMOVED_GRACE_MS = 10 * 60_000

/** The job of "run" waits so long for a workflow, since a person waits for the job. */
export const SCOPED_GRACE_MS = 60_000

/** After so long people are notified that jobs wait for a workflow: most deployments take less. */
export const NOTIFY_AFTER_MS = 10 * 60_000

/** Files are read again after so long, then ever less often: what they import may come without news of it. */
const FIRST_LOOK_MS = 15_000
const LONGEST_LOOK_MS = 10 * 60_000

const MAX_PROBLEMS = 3
const PROBLEM_LIMIT = 300

/** A workflow that is missing, and when its jobs fail by the monotonic clock; null for never. */
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
 * The workflows that jobs ask for and that cannot be loaded now. Their jobs wait, and use up no attempt. A workflow that is not missing here and not known either
 * has been gone for longer than its grace: its jobs fail.
 */
export class MissingWorkflows {
  private readonly root: string
  private readonly isScoped: boolean
  /** All that have been known, as they were last. */
  private readonly seen = new Map<string, WorkflowDescription>()
  /** Since when no file has exported what one exported before. */
  private readonly removedSince = new Map<string, Moment>()
  private readAt: Moment | undefined
  private readonly awaited = new Map<string, Awaited>()
  private known: ReadonlySet<string> = new Set()
  private broken: readonly BrokenWorkflow[] = []
  private absent: readonly string[] = []
  private lookAt = 0
  private lookAfterMs = FIRST_LOOK_MS

  /** `isScoped`: the scheduler runs for one job. */
  constructor(root: string, isScoped: boolean) {
    this.root = root
    this.isScoped = isScoped
  }

  /** Receives what is known of the workflows, once all files have been read. */
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

  /** Notes workflows that jobs wait for. */
  wait(names: Iterable<string>, moment: Moment): void {
    for (const name of names) {
      if (this.awaited.has(name)) continue
      this.awaited.set(name, { since: moment, notified: false })
      this.lookAfterMs = FIRST_LOOK_MS
      this.lookAt = moment.monotonic + FIRST_LOOK_MS
    }
  }

  /** Forgets the workflows that no job waits for any more, and returns those that can be loaded again. */
  forgetOthers(names: ReadonlySet<string>): string[] {
    const gone = [...this.awaited.keys()].filter(name => this.known.has(name) || !names.has(name))
    for (const name of gone) this.awaited.delete(name)
    return gone.filter(name => this.known.has(name))
  }

  /** Returns true if the jobs of a workflow that is not known wait for it, false if they fail. */
  isAwaited(name: string, moment: Moment): boolean {
    return this.missing(name, this.awaited.get(name)?.since ?? moment, moment) !== undefined
  }

  /** Lists the workflows that jobs wait for now. */
  list(moment: Moment): MissingWorkflow[] {
    return this.all(moment).map(({ missing }) => missing)
  }

  /** Returns those for which jobs have waited for long, each once. */
  takeLong(moment: Moment): MissingWorkflow[] {
    return this.list(moment).filter(({ name, until }) => {
      const awaited = this.awaited.get(name)
      // The failure of its jobs is notified by itself.
      if (awaited === undefined || awaited.notified || until !== undefined) return false
      awaited.notified = moment.monotonic >= awaited.since.monotonic + NOTIFY_AFTER_MS
      return awaited.notified
    })
  }

  /** Returns true if the files are to be read again without news of them. */
  takeLook(moment: Moment): boolean {
    if (moment.monotonic < this.lookAt || this.list(moment).length === 0) return false
    this.lookAfterMs = Math.min(2 * this.lookAfterMs, LONGEST_LOOK_MS)
    this.lookAt = moment.monotonic + this.lookAfterMs
    return true
  }

  /** Returns when something falls due by itself, in wall-clock milliseconds; null for never. A look that may not be taken now falls due never. */
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

  /** Returns what cannot be read now and may export a workflow. */
  private unread(name: string): MissingWorkflow | undefined {
    const problems = this.filesOf(name)
      .slice(0, MAX_PROBLEMS)
      .map(one => problemOf(one, this.root))
    if (problems.length > 0) return { name, why: 'broken', problems }
    const seen = this.seen.get(name)
    const folder = this.absent.find(one => seen === undefined || dirname(seen.file) === one)
    return folder === undefined ? undefined : { name, why: 'folder', folder: relative(this.root, folder) }
  }

  /** Returns the broken files that may export a workflow: its own, or else one of its name, or else, of one that was never known, all that exported no other. */
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
