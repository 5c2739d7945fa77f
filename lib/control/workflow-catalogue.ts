import { relative } from 'node:path'
import { brokenWords } from '../model/job/workflow.ts'
import type { BrokenWorkflow, WorkflowDescription } from '../model/job/workflow.ts'
import { CatalogueHealth } from './catalogue-health.ts'
import type { CatalogueHealthOptions } from './catalogue-health.ts'

export interface KnownWorkflows {
  readonly workflows: readonly WorkflowDescription[]
  /** Modules that cannot be described, with the reasons. */
  readonly broken: readonly BrokenWorkflow[]
  /** Folders that do not exist. If no folder has a module, all folders are listed. */
  readonly absent?: readonly string[]
}

/**
 * Describes the project's workflows without loading them into this process. If some modules take
 * long, `onKnown` receives the workflows that load quickly. `signal` aborts the reading.
 */
export type Describe = (
  onKnown: (known: KnownWorkflows) => void,
  signal: AbortSignal,
) => Promise<KnownWorkflows>

export interface CatalogueOptions extends CatalogueHealthOptions {
  readonly describe: Describe
  /** The project's folder. Messages name files relative to it. */
  readonly root: string
  /** Called if the known workflows have changed, or are being read again. */
  readonly onChange: () => void
}

/**
 * The known workflows of the project. A module that loads slowly, or blocks until its time limit,
 * does not delay the others.
 */
export class WorkflowCatalogue {
  private readonly options: CatalogueOptions
  private readonly logged = new Set<string>()
  private readonly closing = new AbortController()
  private known: KnownWorkflows = { workflows: [], broken: [] }
  private reading: Promise<void> | null = null
  /** True if something has changed since the last reading began. */
  private changed = false
  private isNew = false
  /** Number of calls of `read`. */
  private asked = 0
  /** Number of complete readings. */
  private readings = 0
  private readonly health: CatalogueHealth

  constructor(options: CatalogueOptions) {
    this.options = options
    this.health = new CatalogueHealth(options)
  }

  get current(): KnownWorkflows {
    return this.known
  }

  /**
   * True if all modules have been read in their current state, so that a workflow that is not known
   * does not exist.
   */
  get isComplete(): boolean {
    return this.reading === null && this.readings > 0 && this.trouble === undefined
  }

  /** True during a reading. */
  get isReading(): boolean {
    return this.reading !== null
  }

  /**
   * Reason why the modules cannot be read in their current state, with the remedy; undefined while
   * they can be read.
   */
  get trouble(): string | undefined {
    return this.health.trouble
  }

  /**
   * Reason why no workflow is known, so that no job can start; undefined once they have been read.
   */
  get lack(): string | undefined {
    return this.readings === 0 ? this.trouble : undefined
  }

  /**
   * True if a change caused the last reading, so that modules that were loaded before it may be out
   * of date.
   */
  get isReload(): boolean {
    return this.isNew
  }

  /**
   * Reads all modules again. The first call resolves once the modules that load quickly are known.
   * Later calls resolve once all modules are known, and the earlier results apply until then.
   * `changed` is false if no change is known. Never rejects: if the modules cannot be read, the
   * known workflows remain, and the reading is repeated after a pause.
   */
  async read(changed = true): Promise<void> {
    this.asked++
    this.changed ||= changed
    if (this.reading !== null) return this.reading
    const early = Promise.withResolvers<undefined>()
    this.health.begin()
    const reading = this.readAll(() => early.resolve(undefined))
      // Runs before `onChange` reports the end, because a workflow that could not be read is not
      // missing.
      .then(
        () => this.health.succeed(),
        (error: unknown) => this.fail(error),
      )
      .finally(() => {
        this.reading = null
        this.options.onChange()
      })
    this.reading = reading
    // Precedes all other calls. If one of them threw, a rejection would have no handler.
    reading.catch(() => undefined)
    this.options.onChange()
    await Promise.race([early.promise, reading])
  }

  private fail(error: unknown): void {
    if (!this.closing.signal.aborted) this.health.fail(error, this.readings > 0)
  }

  private async readAll(early: () => void): Promise<void> {
    for (;;) {
      const { asked, changed } = this
      this.changed = false
      const known = await this.options
        .describe(quick => {
          if (this.readings > 0) return
          this.take(quick)
          early()
        }, this.closing.signal)
        .catch((error: unknown) => {
          this.changed ||= changed
          throw error
        })
      this.isNew = this.readings > 0 && changed
      this.readings++
      this.take(known)
      if (this.asked === asked || this.closing.signal.aborted) return
    }
  }

  private take(known: KnownWorkflows): void {
    if (this.closing.signal.aborted) return
    // Modules whose process was killed could not be read this time, so their earlier descriptions
    // remain valid.
    const unread = known.broken
      .filter(({ error }) => error.code === 'environment-unfit')
      .map(({ file }) => file)
    const before = this.known.workflows.filter(({ file }) => unread.includes(file))
    this.known = { ...known, workflows: [...known.workflows, ...before] }
    for (const { file, error } of known.broken) {
      this.logOnce(brokenWords(file, error.message, relative(this.options.root, file)))
    }
    this.options.onChange()
  }

  /** Logs the fault of a module, unless the same line was logged before. */
  private logOnce(line: string): void {
    if (this.logged.has(line)) return
    this.logged.add(line)
    this.options.log.error(line)
  }

  /** Aborts the current reading. The known workflows do not change afterwards. */
  async close(): Promise<void> {
    this.closing.abort()
    this.health.close()
    await this.reading?.catch(() => undefined)
  }

  /**
   * Reads the workflows if no reading has been requested yet. A paused scheduler requests none, but
   * people can queue jobs that wait for it. Never rejects.
   */
  async ensureRead(): Promise<void> {
    if (this.asked === 0) await this.read()
  }

  /**
   * Starts a new reading of the workflows after a change, after a failed reading, or, with
   * `changed` false, as a check.
   */
  readAgain(changed = true): void {
    this.read(changed).catch(() => undefined)
  }
}
