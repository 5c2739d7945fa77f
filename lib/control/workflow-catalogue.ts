import { relative } from 'node:path'
import { brokenWords } from '../model/job/workflow.ts'
import type { BrokenWorkflow, WorkflowDescription } from '../model/job/workflow.ts'
import { CatalogueHealth } from './catalogue-health.ts'
import type { CatalogueHealthOptions } from './catalogue-health.ts'

export interface KnownWorkflows {
  readonly workflows: readonly WorkflowDescription[]
  /** Modules that cannot be described, and why. */
  readonly broken: readonly BrokenWorkflow[]
  /** Folders that do not exist, and all of them where none has a module. */
  readonly absent?: readonly string[]
}

/**
 * Describes the project's workflows without loading them into this process. `onKnown` hears those that load quickly, when others take long; the signal ends
 * the reading.
 */
export type Describe = (
  onKnown: (known: KnownWorkflows) => void,
  signal: AbortSignal,
) => Promise<KnownWorkflows>

export interface CatalogueOptions extends CatalogueHealthOptions {
  readonly describe: Describe
  /** The project's folder: messages name files from there. */
  readonly root: string
  /** What is known has changed, or is being read again. */
  readonly onChange: () => void
}

/** What is known of the project's workflows. A module that takes long, or blocks until its time is over, holds up none of the others. */
export class WorkflowCatalogue {
  private readonly options: CatalogueOptions
  private readonly logged = new Set<string>()
  private readonly closing = new AbortController()
  private known: KnownWorkflows = { workflows: [], broken: [] }
  private reading: Promise<void> | null = null
  /** True if something has changed since the last reading began. */
  private changed = false
  private isNew = false
  /** How often it was asked to read. */
  private asked = 0
  /** How often it has read them all. */
  private readings = 0
  private readonly health: CatalogueHealth

  constructor(options: CatalogueOptions) {
    this.options = options
    this.health = new CatalogueHealth(options)
  }

  get current(): KnownWorkflows {
    return this.known
  }

  /** Whether all modules have been read as they are now: then a workflow that is not there does not exist. */
  get isComplete(): boolean {
    return this.reading === null && this.readings > 0 && this.trouble === undefined
  }

  /** True during a reading. */
  get isReading(): boolean {
    return this.reading !== null
  }

  /** Why the modules cannot be read as they are now, with the remedy; undefined while they can. */
  get trouble(): string | undefined {
    return this.health.trouble
  }

  /** The trouble while no workflow is known, so that no job can start. */
  get lack(): string | undefined {
    return this.readings === 0 ? this.trouble : undefined
  }

  /** True if a change caused the last reading: modules that were loaded before it may be old. */
  get isReload(): boolean {
    return this.isNew
  }

  /**
   * Reads all modules again. Resolves as soon as there is something to work with: those that load quickly the first time, all of them later, when the
   * ones known before stand until then. `changed` is false where nothing is known to have changed. Resolves too when they cannot be read: what was known stays, and they are read again after a pause.
   */
  async read(changed = true): Promise<void> {
    this.asked++
    this.changed ||= changed
    if (this.reading !== null) return this.reading
    const early = Promise.withResolvers<undefined>()
    this.health.begin()
    const reading = this.readAll(() => early.resolve(undefined))
      // Before the end is reported to the others: a workflow that was not read is not missing.
      .then(
        () => this.health.succeed(),
        (error: unknown) => this.fail(error),
      )
      .finally(() => {
        this.reading = null
        this.options.onChange()
      })
    this.reading = reading
    // Before anything else is called: a call that throws would leave a rejection without a handler.
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
    // What could not be read this time, because its process was killed, is known from before.
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

  /** Once for each way in which a module is wrong. */
  private logOnce(line: string): void {
    if (this.logged.has(line)) return
    this.logged.add(line)
    this.options.log.error(line)
  }

  /** Ends the reading that is under way; from now on nothing changes any more. */
  async close(): Promise<void> {
    this.closing.abort()
    this.health.close()
    await this.reading?.catch(() => undefined)
  }

  /** Reads what nobody has asked for yet: a paused scheduler does not, and yet people queue jobs that wait for it. Never rejects. */
  async ensureRead(): Promise<void> {
    if (this.asked === 0) await this.read()
  }

  /** Reads again because something has changed, because the last reading failed, or, with `changed` false, to look. */
  readAgain(changed = true): void {
    this.read(changed).catch(() => undefined)
  }
}
