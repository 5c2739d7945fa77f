import { isDeepStrictEqual } from 'node:util'
import { throttle } from '../core/time/throttle.ts'
import { messageOf } from '../core/errors/errors.ts'
import { FailureLog, writeFailures } from '../core/errors/failure-log.ts'
import { limitHeapGrowth } from '../core/process/heap-growth.ts'
import { CloseStack, openAll } from '../core/lifetime/close-stack.ts'
import type { SchedulerDocument } from '../model/worker/documents.ts'
import type { Notification } from '../model/notify/notification.ts'
import { writeJsonSync } from '../files/documents/atomic-json.ts'
import { watchSources } from '../files/watch/watch-sources.ts'
import { InstalledPackage } from '../platform/package/installed-package.ts'
import { startReaper } from '../platform/reaper/reaper.ts'
import type { Control, ControlDependencies } from './control-dependencies.ts'
import type { ControlSettings } from './control-settings.ts'
import { checkClockAtStart, lastRun, watchClock } from './clock/clock-at-start.ts'
import { declareSchedules } from './leader/schedules/declare-schedules.ts'
import { DiskSpace } from './machine/workers/disk-space.ts'
import { repeat } from './clock/repeat.ts'
import { Facts } from './facts.ts'
import { pollWorkerStates } from './machine/workers/worker-state-poller.ts'
import { Metrics } from './machine/maintenance/metrics.ts'
import { ProjectTrust } from './project-trust.ts'
import { recover } from './machine/recovery/recover.ts'
import { Scheduler } from './scheduler/scheduler.ts'
import { Schedules } from './leader/schedules/schedules.ts'
import { ContinuousServices } from './leader/services/continuous-services.ts'
import { cronService } from './leader/services/cron-service.ts'
import { janitorService } from './machine/maintenance/janitor-service.ts'
import { schedulerService } from './scheduler/scheduler-service.ts'
import type { Service } from './service.ts'
import { Services } from './leader/services/services.ts'
import { StoreWrites } from './store-writes.ts'
import { createNotifier } from './leader/notifier/create-notifier.ts'
import { logsOf } from './machine/maintenance/log-retention.ts'
import { retentionSettings } from './machine/maintenance/retention-settings.ts'
import { boundWorkerOutput } from './machine/workers/worker-output.ts'
import { tidying } from './tidying.ts'
import { recoverRecordings } from './machine/recovery/recover-recordings.ts'
import { TracePacker } from './machine/results/trace-packer.ts'
import { PackageWatch } from './upgrade/package-watch.ts'
import { WorkEnd, leftToNext } from './scheduler/work-end.ts'
import { WorkerLogs } from './machine/workers/worker-logs.ts'
import { workerLauncher } from './machine/workers/worker-process.ts'
import { WorkflowCatalogue } from './workflow-catalogue.ts'

export type { Control } from './control-dependencies.ts'

/**
 * Longest interval between two writes of the scheduler's document. From the age of the document, a
 * reader can tell whether the scheduler is alive.
 */
const HEARTBEAT_MS = 10_000

/**
 * Interval of the regular checks. They notice changes that come without a notification, such as a
 * change of a service's state.
 */
const LOOK_ANYWAY_MS = 2_000

/** Minimum interval between two writes of the scheduler's document, however many jobs end. */
const PUBLISH_EVERY_MS = 100

/**
 * Starts the control layer on a store that this process owns. If a part cannot be started, closes
 * the parts that were started before, workers included.
 */
export const startControl = (deps: ControlDependencies): Promise<Control> =>
  openAll(opened => startParts(deps, opened))

async function startParts(deps: ControlDependencies, opened: CloseStack): Promise<Control> {
  const { store, paths, clock, log } = deps
  const startedAt = clock.now()
  limitHeapGrowth()
  let phase: SchedulerDocument['phase'] = 'starting'
  let drainUntil: number | undefined
  let revision = 0
  let storeLost = false
  void store.closed.then(() => (storeLost = true))
  const facts = new Facts()
  const queueNotice = (notice: Notification) =>
    store.call('notices.tell', { channels: [...notifier.channels], notice })
  const notify = (notice: Notification) => {
    queueNotice(notice).catch((error: unknown) => log.error(messageOf(error)))
  }
  const installed = deps.installed ?? new InstalledPackage()
  const watch = new PackageWatch({
    ...{ installed, log, clock },
    onRemoved: folder => notify({ kind: 'package-removed', version: deps.program, folder }),
  })
  const clockWatch = watchClock({ store, clock, log })
  const ranAt = lastRun(paths)
  const reaper = startReaper(paths.workerStates)
  opened.defer(() => reaper.close())
  const packer = new TracePacker(log)
  const trouble = () =>
    diskSpace.trouble ??
    writes.trouble ??
    trust.trouble ??
    scheduler.forkTrouble ??
    catalogue.lack ??
    watch.trouble ??
    services.trouble
  const checkWrites = () => writes.check()
  const takesWrites = async () => {
    await writes.check()
    return writes.trouble === undefined
  }
  let notifier = createNotifier({ ...deps, trouble, checkWrites })
  /** Settings with which `notifier` was created. */
  let notifierParts = partsOfNotifier(deps)
  /** Services of earlier settings that are still to be replaced, because the replacement failed. */
  let unreplaced: readonly Service[] = []

  const claiming = (): SchedulerDocument['phase'] => {
    const { currentMode } = scheduler
    if (currentMode === 'starting' || currentMode === 'paused') return currentMode
    if (!watch.isOwn()) return trust.isTrusted ? 'draining' : 'untrusted'
    if (diskSpace.isLow) return 'no-room'
    if (!trust.isTrusted) return 'untrusted'
    return (scheduler.forkTrouble ?? catalogue.lack) === undefined ? 'scheduling' : 'no-worker'
  }
  const stateAt = (updatedAt: number, use = metrics.measure()): SchedulerDocument => ({
    kind: 'scheduler',
    version: 1,
    pid: process.pid,
    startedAt,
    updatedAt,
    program: deps.program,
    phase: phase === 'scheduling' ? claiming() : phase,
    ...{ slots: parts.slots, active: scheduler.active, idle: scheduler.waiting },
    holds: [...scheduler.holds],
    domainWorkers: [...parts.domainWorkers],
    ...{ revision, use },
    workflows: [...catalogue.current.workflows],
    broken: [...catalogue.current.broken],
    ...(scheduler.missingWorkflows.length === 0 ? {} : { missing: [...scheduler.missingWorkflows] }),
    ...watch.document,
    ...(drainUntil === undefined ? {} : { drainUntil }),
    ...(scheduler.proxyRoom === undefined ? {} : { proxyRoom: scheduler.proxyRoom }),
    ...(deps.scope === undefined ? {} : { scope: deps.scope }),
  })
  /** Last document that was written; undefined before the first write. */
  let written: SchedulerDocument | undefined
  const stateWrites = new FailureLog(log, writeFailures("The scheduler's state"))
  const writeState = () => {
    try {
      const document = stateAt(clock.now())
      writeJsonSync(paths.schedulerState, document)
      written = document
      stateWrites.succeed()
    } catch (error) {
      stateWrites.fail(error)
    }
  }
  const state = throttle(PUBLISH_EVERY_MS, clock, () => {
    // After the loss of the store, the document belongs to the next owner of the store.
    if (!storeLost) writeState()
  })
  const publish = () => {
    state.ask()
    facts.check()
  }
  /**
   * Reads the workflows again, in processes of the installed package. If another version is
   * installed, that version reads them itself when it schedules.
   */
  const readWorkflows = () => {
    if (watch.isOwn() && trust.check()) catalogue.readAgain()
  }
  const rereadWorkflows = () => {
    if (watch.isOwn() && trust.check()) catalogue.readAgain(false)
  }
  const trust = new ProjectTrust({
    // If another version is installed, a restart runs that version, so its package is checked too.
    requireTrust: () => deps.requireTrust(watch.isOwn() ? 'project' : 'program'),
    ...{ log, notify },
    onChange: isTrusted => {
      // Changes that were made during the distrust have not been read.
      if (isTrusted) readWorkflows()
      scheduler.wake()
      publish()
    },
  })
  const workerLogs = new WorkerLogs({ paths, clock, log })
  /** One object for all parts, so that a changed setting applies to all of them at once. */
  const parts = {
    ...deps,
    workerLogs,
    ...retentionSettings(deps, deps),
    launchWorker: workerLauncher(paths, () => clock.now(), reaper),
    ...{ packer, clockWatch, trouble, trust, checkWrites, takesWrites },
    fallback: notifier.ofWorkers,
    random: Math.random,
    packageIsOwn: watch.isOwn,
    onForksFail: (reason: string) => {
      if (catalogue.lack === undefined) notify({ kind: 'workers-fail', reason })
    },
    onBackupFails: (reason: string) => notify({ kind: 'backup-failed', reason }),
    logsInUse: () => logsOf(scheduler.workers),
    ...{ onChange: publish, rereadWorkflows },
    onWorkflowMissing: (workflow: string, reason: string) =>
      notify({ kind: 'workflow-missing', workflow, reason }),
  }
  const scheduler = new Scheduler(parts)
  const diskSpace = new DiskSpace({ paths, log, notify: queueNotice })
  const writes = new StoreWrites({
    ...{ store, paths, clock, log, notify },
    random: Math.random,
    // Nothing is sent while the notifier is stopped, or if a notice has already reported a full
    // disk.
    channels: () => (diskSpace.isNotified || !services.isActive('notifier') ? [] : notifier.directly),
    onChange: () => {
      scheduler.setRefusing(writes.trouble !== undefined)
      // Adds the services of continuous workflows that could not be added while the store refused
      // writes.
      if (writes.trouble === undefined) keepContinuous()
      publish()
    },
  })
  const metrics = new Metrics({ ...{ paths, clock, log }, workers: () => scheduler.workers })
  const services = new Services(parts)
  const continuous = new ContinuousServices(parts, services)
  const keepContinuous = () => {
    if (deps.scope === undefined) continuous.keep(catalogue.current, catalogue.isComplete)
  }
  const schedules = new Schedules({
    ...{ store, clock, log },
    workflow: name =>
      catalogue.current.workflows.find(one => one.name === name) ?? (catalogue.isComplete ? null : undefined),
    onRest: () => publish(),
  })
  const catalogue = new WorkflowCatalogue({
    describe: deps.describe,
    ...{ log, clock },
    random: Math.random,
    root: paths.root,
    retry: readWorkflows,
    // If the machine cannot start workers, people have already been notified of it.
    onFailing: reason => {
      if (scheduler.forkTrouble === undefined && trust.isTrusted) notify({ kind: 'workers-fail', reason })
    },
    onChange: () => {
      scheduler.setWorkflows(catalogue.current, catalogue.isComplete, catalogue.isReload)
      keepContinuous()
      schedules.wake()
      publish()
    },
  })
  const workEnd = new WorkEnd({ scheduler, writes, facts, clock })
  /** Parts that work until the last worker has ended. */
  const watches = new CloseStack()
  opened.defer(async () => {
    phase = 'draining'
    scheduler.setMode('shutdown')
    state.now()
    await catalogue.close()
    await continuous.settled()
    const left = await workEnd.settled()
    // The results of the workers are in the store now, and the notifier is still able to send.
    await scheduler.close()
    await services.shutdown()
    await packer.idle()
    await watches.close()
    phase = 'stopped'
    state.now()
    if (left > 0) throw leftToNext(left)
  })
  await recover(store, { paths, log, packer }, notifier.channels, clock.now(), ranAt)
  clockWatch.gaps = await checkClockAtStart({ store, clock, log, ranAt })
  await recoverRecordings(store, { paths, log, packer }, clock.now())
  const forgetRevision = store.onChange((_tables, now) => {
    revision = now
    state.ask()
  })
  watches.defer(forgetRevision)
  const forgetWorkers = pollWorkerStates({
    ...{ paths, clock, log },
    workers: () => scheduler.workers,
    onState: document => scheduler.onWorkerState(document),
  })
  watches.defer(forgetWorkers)
  const checkDiskSpace = () => diskSpace.check() && scheduler.setDiskLow(diskSpace.isLow)
  checkDiskSpace()
  await services.add(schedulerService(scheduler, catalogue, trust, writes))
  await catalogue.ensureRead()
  await declareSchedules(deps)
  const cron = cronService(schedules)
  if (deps.scope === undefined) await services.add(cron)
  else {
    await services.addStopped(cron)
    // No job remains for a worker that would be forked after the last job.
    scheduler.setUrgent()
  }
  const diskProblem = () => diskSpace.trouble ?? workerLogs.trouble ?? deps.logTrouble?.()
  await services.add(janitorService(clock, tidying(parts), diskProblem))
  for (const service of notifier.services) await services.add(service)
  await continuous.settled()
  services.listen()
  const sources = watchSources({
    folders: deps.workflowFolders,
    since: deps.describedSince ?? startedAt,
    ...{ clock, onChange: readWorkflows, onWarning: message => log.warn(message) },
  })
  opened.defer(() => sources.close())
  phase = 'scheduling'
  state.now()

  const beat = () => {
    clockWatch.check()
    checkDiskSpace()
    void workerLogs.check()
    writes.checkIfDue(stateWrites.isFailing || scheduler.isStoreRefusing)
    // While the project is trusted, it is only checked before jobs start.
    if (!trust.isTrusted) trust.check()
    sources.check()
    const outputs = scheduler.workers.map(({ process }) => process.outputFile)
    boundWorkerOutput(outputs, deps.launch.limits.outputBytes)
    if (watch.check(scheduler.running)) {
      scheduler.wake()
      readWorkflows()
    }
    // The original package is installed again.
    if (watch.isOwn() && continuous.resume()) keepContinuous()
    const silentMs = clock.now() - (written?.updatedAt ?? 0)
    const stale = silentMs < 0 || silentMs >= HEARTBEAT_MS
    // Measurements change constantly, so they do not cause a write on their own.
    if (stale || !isDeepStrictEqual(written, stateAt(written?.updatedAt ?? 0, written?.use))) state.ask()
    facts.check()
    services.publish()
  }
  const stopBeat = repeat({
    ...{ everyMs: LOOK_ANYWAY_MS, clock, log },
    what: 'The check of the scheduler',
    act: beat,
  })
  watches.defer(stopBeat)

  return {
    get continuous() {
      return continuous.active
    },
    untilIdle() {
      scheduler.setUrgent()
      const isIdle = () => scheduler.idle && schedules.settled && continuous.active.length === 0
      // A workflow that has not been read yet may be continuous.
      return facts.until(() => isIdle() && !catalogue.isReading)
    },
    missingWorkflows: () => scheduler.missingWorkflows,
    async drain({ unlimited = false } = {}) {
      phase = 'draining'
      drainUntil = unlimited ? undefined : clock.now() + parts.drainForMs
      scheduler.setMode('draining')
      state.now()
      await services.end(cron.name)
      let over = false
      const expire = () => {
        over = true
        publish()
      }
      const forget = unlimited ? () => undefined : clock.after(parts.drainForMs, expire)
      await workEnd.drained(() => over)
      forget()
      // A job without living workers is not interrupted. If its end could not be stored, `close`
      // reports that.
      if (scheduler.working > 0) {
        log.warn(
          `The time limit for running jobs is over (drainTimeout), so ${scheduler.working} running job(s) are interrupted. The next scheduler continues them.`,
        )
      }
    },
    removed: () => facts.until(() => watch.isRemoved),
    replaced: () => facts.until(() => watch.replacement !== null && scheduler.running === 0),
    async restartable() {
      for (;;) {
        await facts.until(() => watch.replacement !== null)
        // While the project is untrusted, it is checked every few seconds.
        if (trust.check()) {
          await continuous.suspend()
          await facts.until(() => watch.replacement === null || scheduler.running === 0)
          if (watch.replacement !== null && trust.check()) return
        }
        await facts.until(() => watch.replacement === null || trust.isTrusted)
      }
    },
    isTrusted: () => trust.check(),
    async apply(settings) {
      Object.assign(parts, settings, retentionSettings(deps, settings))
      if (!isDeepStrictEqual(notifierParts, partsOfNotifier(settings))) {
        unreplaced = [...unreplaced, ...notifier.services]
        notifier = createNotifier(parts)
        notifierParts = partsOfNotifier(settings)
        parts.fallback = notifier.ofWorkers
        // Precedes the calls that a store rejects while it refuses writes, so that a new secret is
        // redacted in any case.
        scheduler.shareSecrets()
      }
      scheduler.wake()
      publish()
      await declareSchedules(parts)
      await services.applyDefaults()
      if (unreplaced.length === 0) return
      // An earlier replacement that failed may have added some of the new services.
      await services.replace([...unreplaced, ...notifier.services], notifier.services)
      unreplaced = []
    },
    leave: () => workEnd.leave(),
    close: () => opened.close(),
  }
}

const partsOfNotifier = ({ notify, secrets }: ControlSettings) => ({ notify, secrets })
