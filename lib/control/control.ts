import { isDeepStrictEqual } from 'node:util'
import { atMostEvery } from '../core/at-most-every.ts'
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { ProjectPaths } from '../core/paths.ts'
import type { SiteLogin } from '../domain/access.ts'
import type { DomainLimit } from '../domain/domains.ts'
import type { LaunchProfile, SchedulerDocument } from '../domain/documents.ts'
import type { NotifySettings } from '../domain/notify-settings.ts'
import type { TraceOrder } from '../domain/trace-order.ts'
import type { Language } from '../locales/language.ts'
import type { ProxyRotation } from '../domain/proxy.ts'
import type { ScheduleSpec } from '../domain/schedule.ts'
import { writeJsonSync } from '../files/atomic-json.ts'
import { watchSources } from '../files/watch-sources.ts'
import type { Store } from '../store/store.ts'
import { startReaper } from '../platform/reaper.ts'
import { followWorkers } from './follow-workers.ts'
import { StoreSweep } from './store-sweep.ts'
import { LogRetention } from './retention/log-retention.ts'
import { ProfileSweep } from './profile-sweep.ts'
import type { ProxySource } from './proxies/proxy-source.ts'
import { recover } from './recover.ts'
import type { RecycleLimits } from './pooled-worker.ts'
import { Scheduler } from './scheduler.ts'
import { Schedules } from './schedules/schedules.ts'
import { ContinuousServices } from './services/continuous-services.ts'
import { cronService } from './services/cron-service.ts'
import { janitorService } from './services/janitor-service.ts'
import { schedulerService } from './services/scheduler-service.ts'
import { Services } from './services/services.ts'
import { sweep } from './sweep.ts'
import { tellingOf } from './notifier/telling.ts'
import { recoverRecordings } from './traces/recover-recordings.ts'
import { TracePacker } from './traces/trace-packer.ts'
import { TraceQuota } from './traces/trace-quota.ts'
import { workerLauncher } from './worker-process.ts'
import { WorkflowCatalogue } from './workflow-catalogue.ts'
import type { Describe } from './workflow-catalogue.ts'

/** The scheduler's document is rewritten at least this often, so that a reader can tell a living one from a dead one. */
const HEARTBEAT_MS = 10_000

/** Whoever waits for a fact asks again this often, should nobody have told; and services may do something else than they did, without a word. */
const LOOK_ANYWAY_MS = 2_000

/** It is written at most this often, however many jobs end meanwhile. */
const PUBLISH_EVERY_MS = 100

export interface ControlDependencies {
  /** Of role `scheduler`: whoever owns the store schedules. */
  readonly store: Store
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly log: Log
  readonly launch: LaunchProfile
  readonly trace: TraceOrder
  /** What all traces together may take. */
  readonly tracesLimitBytes: number
  /** How long logs, pictures, traces and reports are kept, and what all logs together may take. */
  readonly keepLogsMs: number
  readonly logsLimitBytes: number
  /** How long jobs are kept that have ended. */
  readonly keepJobsMs: number
  /** How long the browser of a failure that asks for it stays open to be looked at. */
  readonly keepForMs: number
  readonly slots: number
  /** How long what runs may take to end in a drain. */
  readonly drainForMs: number
  /** Workers forked ahead of need. */
  readonly warm: number
  readonly recycle: RecycleLimits
  /** The credentials of sites that the project has. */
  readonly sites: readonly SiteLogin[]
  readonly proxies: ProxySource
  readonly proxyRotation: ProxyRotation
  /** Most workers at once on each proxy; 0 for as many as there are. */
  readonly proxyWorkers: number
  /** Most workers at once on each domain. */
  readonly domainWorkers: readonly DomainLimit[]
  /** Whom to tell of failures, and in which words. */
  readonly notify: NotifySettings
  readonly language: Language
  /** Texts that must not leave in a message. */
  readonly secrets: readonly string[]
  /** By their names, what the configuration wants of services until an operator says otherwise. */
  readonly wanted: Readonly<Record<string, 'running' | 'stopped'>>
  /** The schedules of the project's configuration. */
  readonly schedules: readonly ScheduleSpec[]
  /** The program's version. */
  readonly program: string
  /** Describes the project's workflows without loading them into this process. */
  readonly describe: Describe
  /** Where the workflows' modules are, absolute: what changes there is read again. */
  readonly workflowFolders: readonly string[]
}

/** A running control layer: scheduler, services, and the documents that tell of them. */
export interface Control {
  /** Resolves when nothing is queued or running, and nothing is due now, by a schedule either. From then on no browser that is open to be looked at holds up a job. */
  untilIdle(): Promise<void>
  /** Claims nothing more and resolves when what runs has ended, or when its time to do so is over. */
  drain(): Promise<void>
  /** Interrupts what runs (its jobs go on with the next scheduler), stops the services, and resolves when no worker is left. */
  close(): Promise<void>
}

/** Starts the control layer on a store that this process owns. */
export async function startControl(deps: ControlDependencies): Promise<Control> {
  const { store, paths, clock, log } = deps
  const startedAt = clock.now()
  let phase: SchedulerDocument['phase'] = 'starting'
  let drainUntil: number | undefined
  let revision = 0
  let storeLost = false
  void store.closed.then(() => (storeLost = true))
  const waiting = new Set<() => void>()
  const reaper = startReaper(paths.workerStates)
  const packer = new TracePacker(log)
  const telling = tellingOf(deps)

  const stateAt = (updatedAt: number): SchedulerDocument => ({
    kind: 'scheduler',
    version: 1,
    pid: process.pid,
    startedAt,
    updatedAt,
    program: deps.program,
    phase: phase === 'scheduling' && scheduler.currentMode === 'paused' ? 'paused' : phase,
    slots: deps.slots,
    active: scheduler.active,
    idle: scheduler.waiting,
    holds: [...scheduler.holds],
    revision,
    workflows: [...catalogue.current.workflows],
    broken: [...catalogue.current.broken],
    ...(drainUntil === undefined ? {} : { drainUntil }),
  })
  /** As it was last written. */
  let written: SchedulerDocument | undefined
  const writeState = () => {
    const document = stateAt(clock.now())
    try {
      writeJsonSync(paths.schedulerState, document)
      written = document
    } catch (error) {
      log.error(`The scheduler's state could not be written: ${messageOf(error)}`)
    }
  }
  const state = atMostEvery(PUBLISH_EVERY_MS, clock, () => {
    // Without the store the document is the next owner's.
    if (!storeLost) writeState()
  })
  const lookAgain = () => {
    for (const look of waiting) look()
  }
  const publish = () => {
    state.ask()
    lookAgain()
  }
  const scheduler = new Scheduler({
    ...deps,
    launchWorker: workerLauncher(paths, () => clock.now(), reaper),
    packer,
    telling: telling.ofWorkers,
    random: Math.random,
    readWorkflows: () => catalogue.readAgain(),
    onChange: publish,
  })
  const services = new Services(deps)
  const continuous = new ContinuousServices(deps, services)
  const schedules = new Schedules({
    ...{ store, clock, log },
    workflow: name =>
      catalogue.current.workflows.find(one => one.name === name) ?? (catalogue.whole ? null : undefined),
    onRest: () => publish(),
  })
  const catalogue = new WorkflowCatalogue({
    describe: deps.describe,
    log,
    root: paths.root,
    onChange: () => {
      const { workflows } = catalogue.current
      scheduler.setWorkflows(workflows, catalogue.whole)
      continuous.keep(workflows)
      schedules.wake()
      publish()
    },
  })
  const until = (fact: () => boolean) =>
    new Promise<void>(resolve => {
      const look = () => {
        if (!fact()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })

  await recover(store, { paths, log, packer }, telling.channels, clock.now())
  recoverRecordings({ paths, log, packer }, clock.now())
  const forgetRevision = store.onChange((_tables, now) => {
    revision = now
    state.ask()
  })
  const forgetWorkers = followWorkers({
    ...{ paths, clock, log },
    workers: () => scheduler.workers,
    heard: document => scheduler.heard(document),
  })
  await services.add(schedulerService(scheduler, () => catalogue.read()))
  await declareSchedules(deps)
  await services.add(cronService(schedules))
  const profiles = new ProfileSweep(paths, log)
  const quota = new TraceQuota(deps)
  const records = new StoreSweep(deps)
  const logs = new LogRetention({
    ...{ paths, log },
    keepMs: deps.keepLogsMs,
    limitBytes: deps.logsLimitBytes,
  })
  const tidyUp = async () =>
    sweep(paths, clock.now(), log, profiles) +
    (await quota.round(clock.now())) +
    (await logs.round(clock.now())) +
    (await records.round())
  await services.add(janitorService(clock, tidyUp))
  for (const service of telling.services) await services.add(service)
  await continuous.settled()
  services.listen()
  const sources = watchSources({
    folders: deps.workflowFolders,
    clock,
    onChange: () => catalogue.readAgain(),
  })
  phase = 'scheduling'
  state.now()

  let stopBeat: () => void = () => undefined
  const beat = () => {
    const silentMs = clock.now() - (written?.updatedAt ?? 0)
    const stale = silentMs < 0 || silentMs >= HEARTBEAT_MS
    if (stale || !isDeepStrictEqual(written, stateAt(written?.updatedAt ?? 0))) state.ask()
    lookAgain()
    services.publish()
    stopBeat = clock.after(LOOK_ANYWAY_MS, beat)
  }
  beat()

  return {
    untilIdle() {
      scheduler.hurry()
      return until(() => scheduler.idle && schedules.settled)
    },
    async drain() {
      phase = 'draining'
      drainUntil = clock.now() + deps.drainForMs
      scheduler.setMode('draining')
      state.now()
      await schedules.stop()
      let over = false
      const forget = clock.after(deps.drainForMs, () => {
        over = true
        publish()
      })
      await until(() => scheduler.running === 0 || over)
      forget()
      if (scheduler.running > 0) {
        log.warn(
          `The time to end is over (drainFor): jobs that still run are interrupted, ${scheduler.running} of them, and go on with the next scheduler.`,
        )
      }
    },
    async close() {
      phase = 'draining'
      scheduler.setMode('shutdown')
      state.now()
      await sources.close()
      await catalogue.close()
      await continuous.settled()
      await until(() => scheduler.running === 0 && scheduler.processes === 0)
      // What is left of workers is in the store by then, and the notifier still tells of it.
      await scheduler.close()
      await services.shutdown()
      await packer.idle()
      reaper.close()
      stopBeat()
      forgetRevision()
      forgetWorkers()
      phase = 'stopped'
      state.now()
    },
  }
}

async function declareSchedules({ store, schedules, log }: ControlDependencies): Promise<void> {
  const { refused } = await store.call('schedules.declare', { schedules: [...schedules] })
  for (const name of refused) {
    log.error(
      `Schedule "${name}" of the configuration is not used: an operator has made one of that name. Rename it, or remove the other with "automate-tui schedules remove ${name}" and start again.`,
    )
  }
}
