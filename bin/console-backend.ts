import { relative } from 'node:path'
import type { Control } from '../lib/control/control.ts'
import { systemClock } from '../lib/core/time/clock.ts'
import { AutomateError, messageOf } from '../lib/core/errors/errors.ts'
import { saveText } from '../lib/files/save-text.ts'
import type { Lookup, LookupAnswer } from '../lib/app/port/lookup.ts'
import type { QuitMode } from '../screens/overlays/overlay-state.ts'
import type { CommandResult, ConsolePort, OperatorCommand, Snapshot } from '../lib/app/port/snapshot.ts'
import { isDamaged, reportDamage } from '../lib/app/project/damaged-database.ts'
import { watchForScheduler } from './watch-for-scheduler.ts'
import { channelsOfProject, sendTest } from '../lib/app/project/project-channels.ts'
import { wordsOf } from '../lib/app/project/project.ts'
import type { Project } from '../lib/app/project/project.ts'
import { putSchedule } from '../lib/app/use-cases/put-schedule.ts'
import { retryDeadAll } from '../lib/app/use-cases/retry-dead.ts'
import { runScheduleNow } from '../lib/app/use-cases/run-schedule.ts'
import { scheduleRunWords } from '../screens/details/schedule-words.ts'
import { openForWork } from './open-project.ts'
import type { OpenProject, OpenProjectOptions } from './open-project.ts'
import { crashDetail, query } from '../lib/app/queries/console-queries.ts'
import { writeCrashBundle } from '../lib/app/use-cases/crash-bundle.ts'
import { applyToAll } from '../lib/app/use-cases/apply-to-all.ts'
import { killWorker } from '../lib/app/use-cases/kill-worker.ts'
import { saveOperatorLanguage } from '../lib/app/project/operator-settings.ts'
import { prioritise } from '../lib/app/use-cases/prioritise.ts'
import { startJob } from '../lib/app/use-cases/start-job.ts'
import { changeTable } from '../lib/app/use-cases/table-edits.ts'
import { requireStartable } from './upgrade/await-replacement.ts'
import { workerOrder } from '../lib/app/use-cases/worker-command.ts'

export interface ConsoleBackendOptions extends OpenProjectOptions {
  /** Called once, when this process begins to schedule. The demo queues its jobs here. */
  readonly whenScheduling?: (session: OpenProject) => Promise<void>
}

const DONE: CommandResult = { ok: true }

/**
 * Gives the console the snapshots of a project and performs its commands, through a session. In the
 * session, this process schedules or is attached to the scheduler of another process.
 */
export class ConsoleBackend implements ConsolePort {
  private project: Project
  private readonly options: ConsoleBackendOptions
  private readonly listeners = new Set<(snapshot: Snapshot) => void>()
  private session: OpenProject | null = null
  private reopening: Promise<void> | null = null
  private closing: Promise<void> = Promise.resolve()
  private problem: string | null = null
  private control: Promise<Control | null> = Promise.resolve(null)
  private parting: OpenProject | null = null
  private giveUpWaiting: () => void = () => undefined

  constructor(project: Project, options: ConsoleBackendOptions = {}) {
    this.project = project
    this.options = options
  }

  /**
   * Opens the session. A scheduler is started in the background, so that the screen appears at
   * once.
   */
  async open(): Promise<void> {
    this.use(await openForWork(this.project, this.options))
  }

  private use(session: OpenProject): void {
    this.session = session
    this.problem = null
    session.source.subscribe(() => this.notify())
    this.control = this.schedule(session)
    void session.store.closed.then(({ error }) => {
      this.waitForScheduler(session)
      if (session.store.role === 'scheduler' && isDamaged(error)) void reportDamage(this.project, error)
    })
  }

  /**
   * Waits for another scheduler after the last one was killed, because a service manager may
   * restart it. This process itself becomes the scheduler only if the operator requests it.
   */
  private waitForScheduler(lost: OpenProject): void {
    if (this.session !== lost || this.parting === lost) return
    this.giveUpWaiting()
    this.giveUpWaiting = watchForScheduler(lost.project.paths, systemClock, () => {
      if (this.session !== lost || this.parting === lost) return
      this.reopening ??= this.reattach(lost).finally(() => {
        this.reopening = null
      })
    })
  }

  private async reattach(lost: OpenProject): Promise<void> {
    try {
      const session = await openForWork(lost.project, { ...this.options, watchOnly: true })
      await this.leave()
      this.use(session)
    } catch {
      // The new scheduler ended before the session was open, so the wait begins again.
      this.waitForScheduler(lost)
    }
  }

  subscribe(listener: (snapshot: Snapshot) => void): () => void {
    this.listeners.add(listener)
    const snapshot = this.snapshot()
    if (snapshot !== null) listener(snapshot)
    return () => this.listeners.delete(listener)
  }

  /** True if this process is the scheduler, so that its end interrupts the running jobs. */
  get schedules(): boolean {
    return this.session?.store.role === 'scheduler'
  }

  private notify(): void {
    const snapshot = this.snapshot()
    if (snapshot === null) return
    for (const listener of this.listeners) listener(snapshot)
  }

  private snapshot(): Snapshot | null {
    return this.session === null ? null : { ...this.session.source.current, problem: this.problem }
  }

  async perform(command: OperatorCommand): Promise<CommandResult> {
    try {
      return await this.execute(command)
    } catch (error) {
      return { ok: false, message: messageOf(error) }
    }
  }

  async lookUp(lookup: Lookup): Promise<LookupAnswer> {
    if (this.session === null) throw new AutomateError('store-closed', 'The project is closed.')
    const { store, project } = this.session
    return query(this.project, store, lookup, project)
  }

  async close(): Promise<void> {
    await this.reopened()
    await this.leave()
    await this.closing
  }

  private async leave(): Promise<void> {
    await this.control
    const { session } = this
    this.parting = session
    this.giveUpWaiting()
    // Errors of the store are reported after the screen is closed. They must not prevent the exit.
    this.closing = session?.close() ?? this.closing
    await this.closing.catch(() => undefined)
    if (this.session === session) this.session = null
  }

  /**
   * Closes the session and opens a new one. Concurrent calls share one attempt, because a second
   * attempt would attach to the session that the first has just opened.
   */
  private takeOver(): Promise<void> {
    this.reopening ??= this.openAgain().finally(() => {
      this.reopening = null
    })
    return this.reopening
  }

  /**
   * Opens a new session with the current configuration, which may have changed since the program
   * was started. If the configuration is invalid, reports it and leaves the old session open.
   */
  private async openAgain(): Promise<void> {
    const next = await this.rereadProject()
    await this.leave()
    next.giveVariables()
    this.project = next
    await this.open()
  }

  private async rereadProject(): Promise<Project> {
    try {
      return await (this.session?.project ?? this.project).reread()
    } catch (error) {
      this.problem = messageOf(error)
      this.notify()
      throw error
    }
  }

  /**
   * Waits until a session that is being opened is open, so that it can be closed as well. Ignores
   * its error, which the caller of `takeOver` receives.
   */
  private async reopened(): Promise<void> {
    await this.reopening?.catch(() => undefined)
  }

  private async quit(mode: QuitMode): Promise<void> {
    await this.reopened()
    const control = await this.control
    if (mode === 'drain') await control?.drain()
    if (mode === 'restart' && control !== null) await requireStartable(control, this.project)
    await this.reopened()
    await this.leave()
  }

  private async schedule(session: OpenProject): Promise<Control | null> {
    try {
      const control = await session.schedule()
      if (control !== null) await this.options.whenScheduling?.(session)
      return control
    } catch (error) {
      session.log.error(`The scheduler could not start: ${messageOf(error)}`)
      this.problem = messageOf(error)
      this.notify()
      return null
    }
  }

  private async execute(command: OperatorCommand): Promise<CommandResult> {
    // These two commands work without a session, because the last attempt to open one may have
    // failed.
    if (command.type === 'take-over') {
      await this.takeOver()
      return DONE
    }
    if (command.type === 'quit') {
      await this.quit(command.mode)
      return DONE
    }
    if (this.session === null) return { ok: false, message: 'The project is closed.' }
    const { store, project: now } = this.session
    switch (command.type) {
      case 'service.start':
        return this.setDesired(store, command.name, 'start')
      case 'service.stop':
        return this.setDesired(store, command.name, 'stop')
      case 'service.restart':
        return this.setDesired(store, command.name, 'restart')
      case 'job.cancel':
        await store.call('jobs.cancel', { id: command.id })
        return DONE
      case 'job.retry':
        await store.call('jobs.retry', { id: command.id })
        return DONE
      case 'jobs.cancel':
      case 'jobs.retry':
        return applyToAll(command.ids, id => store.call(command.type, { id }))
      case 'jobs.prioritise':
        return prioritise(store, command.ids, command.by)
      case 'job.start':
        return startJob(this.project, store, command.workflow, command.input)
      case 'jobs.retry-dead':
        return retryDeadAll(store, wordsOf(this.project))
      case 'schedule.run': {
        const run = await runScheduleNow(this.project, use => use(store), command.name)
        return run.outcome === 'fired' && run.jobId !== null
          ? { ok: true, jobId: run.jobId }
          : {
              ok: false,
              message: scheduleRunWords(
                { ...run, job: run.jobId, due: run.dueAt },
                wordsOf(this.project).schedules,
              ),
            }
      }
      case 'schedule.pause':
        await store.call('schedules.pause', { name: command.name, paused: command.paused })
        return DONE
      case 'schedule.put':
        return putSchedule(this.project, store, command.schedule, command.replace)
      case 'schedule.remove':
        await store.call('schedules.remove', { name: command.name })
        return DONE
      case 'language.choose':
        saveOperatorLanguage(this.project.paths, command.language)
        return DONE
      case 'text.save':
        return { ok: true, path: saveText(this.project.paths, command.name, command.text, systemClock.now()) }
      case 'rows.insert':
      case 'rows.change':
      case 'rows.remove':
      case 'rows.export':
        return changeTable(store, this.project, command, systemClock.now())
      case 'crash.bundle': {
        const { report } = await crashDetail(store, command.id)
        return {
          ok: true,
          path: relative(this.project.paths.root, await writeCrashBundle(this.project, report, { now })),
        }
      }
      case 'notify.test':
        return this.testChannel(command.channel)
      case 'worker.pause':
      case 'worker.close':
      case 'worker.answer':
      case 'worker.look':
      case 'worker.click':
      case 'worker.key':
      case 'worker.text':
        await store.call('worker-commands.give', {
          workerId: command.workerId,
          order: workerOrder(command, systemClock.now()),
        })
        return DONE
      case 'workers.kill':
        return applyToAll(command.parts, part => killWorker(this.project.paths, part))
    }
  }

  private async testChannel(name: string): Promise<CommandResult> {
    const channel = channelsOfProject(this.session?.project ?? this.project).find(one => one.name === name)
    if (channel === undefined) return { ok: false, message: `"notify" has no channel "${name}".` }
    return { ok: true, delivery: await sendTest(channel) }
  }

  private async setDesired(
    store: OpenProject['store'],
    name: string,
    wish: 'start' | 'stop' | 'restart',
  ): Promise<CommandResult> {
    const { known } = await store.call('services.wish', { name, wish })
    return known
      ? DONE
      : { ok: false, message: `There is no service "${name}". "automate-tui services" lists them.` }
  }
}
