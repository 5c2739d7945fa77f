import { join } from 'node:path'
import { startControl } from '../lib/control/control.ts'
import type { Control } from '../lib/control/control.ts'
import { systemClock } from '../lib/core/time/clock.ts'
import { openAll } from '../lib/core/lifetime/close-stack.ts'
import type { CloseStack } from '../lib/core/lifetime/close-stack.ts'
import type { Log } from '../lib/core/log.ts'
import type { LaunchProfile } from '../lib/model/worker/documents.ts'
import type { ClaimScope } from '../lib/model/job/job.ts'
import { ensureBrowser } from '../lib/execution/browser/find/ensure-browser.ts'
import { checkSandbox } from '../lib/execution/browser/launch/sandbox.ts'
import { openLog } from '../lib/files/logs/log-writer.ts'
import type { Trouble } from '../lib/files/logs/log-writer.ts'
import { joinKillOnCloseJob } from '../lib/platform/windows/job-object.ts'
import { exposedFolders } from '../lib/platform/windows/exposed-folders.ts'
import { openStore } from '../lib/store/open-store.ts'
import { databasesSetAside, rescueCommand } from '../lib/store/quarantine.ts'
import type { Store } from '../lib/store/store.ts'
import { readProject } from '../lib/app/queries/project-source.ts'
import type { ProjectSource } from '../lib/app/queries/project-source.ts'
import { WorkflowPrefetch } from '../lib/app/project/workflow-prefetch.ts'
import { browserSearch } from './browser-search.ts'
import { isDamaged, reportDamage } from '../lib/app/project/damaged-database.ts'
import { controlSettings, jobLimits } from '../lib/app/project/control-settings.ts'
import { endAfterUncaughtError } from './faults/end-after-bug.ts'
import { followConfig } from '../lib/app/project/follow-config.ts'
import type { ConfigFollower } from '../lib/app/project/follow-config.ts'
import { channelsOfProject } from '../lib/app/project/project-channels.ts'
import { describeProject, messageLanguageOf, workflowFolders } from '../lib/app/project/project.ts'
import type { Project } from '../lib/app/project/project.ts'
import { PROGRAM } from '../lib/core/process/program.ts'
import { reportStandardStreams, unblockStandardStreams } from './standard-streams/standard-streams.ts'
import { STORE_TIMEOUT_MS } from '../lib/app/project/with-store.ts'

/**
 * A session in a project: its store, this process's view of the project, and the scheduler if this
 * process schedules.
 */
export interface OpenProject {
  readonly store: Store
  readonly source: ProjectSource
  readonly log: Log
  /** Project with its current configuration. */
  readonly project: Project
  /**
   * Starts to schedule all jobs, or only the jobs in `scope`. Resolves with null if another process
   * schedules.
   */
  schedule(scope?: ClaimScope): Promise<Control | null>
  close(): Promise<void>
}

/** Longest time that a process that only watches waits for a scheduler that is just starting. */
const WATCH_PATIENCE_MS = 2_000

export interface OpenProjectOptions {
  /**
   * True if this process must never schedule. Opening then fails with `store-closed` if no
   * scheduler runs.
   */
  readonly watchOnly?: boolean
  /** Longest time that a process that only watches waits for a scheduler, in milliseconds. */
  readonly waitMs?: number
  /** Aborts the wait for the store. Opening then fails with the reason of the signal. */
  readonly signal?: AbortSignal
  /** Receives the warnings and errors of the scheduler, which are also written to its log. */
  readonly onTrouble?: (trouble: Trouble) => void
  /** True if the source also follows the logs, for a screen that shows them. */
  readonly followLogs?: boolean
}

/**
 * Opens a project in order to schedule in it, or attaches to the scheduler that already runs. If a
 * part cannot be opened, the parts that were opened before are closed. An open store would
 * otherwise make this process count as the scheduler.
 */
export function openForWork(project: Project, options: OpenProjectOptions = {}): Promise<OpenProject> {
  unblockStandardStreams()
  return openAll(opened => openParts(project, options, opened))
}

async function openParts(
  project: Project,
  { watchOnly = false, waitMs = WATCH_PATIENCE_MS, followLogs = true, signal, ...heard }: OpenProjectOptions,
  opened: CloseStack,
): Promise<OpenProject> {
  const { paths, resolved } = project
  const clock = systemClock
  const { config } = resolved
  // Opened before the store, so that a project without a writable log never gets an owner.
  const log = openLog({
    source: 'scheduler',
    pathAt: at => join(paths.logs('console', at), 'console.log'),
    ...{ clock, ...heard },
  })
  // Runs last, after this process has done all its work in the project.
  opened.defer(() => paths.place.removeRemains())
  opened.defer(() => log.close())
  reportStandardStreams(log)
  const describedSince = clock.now()
  const workflows = new WorkflowPrefetch((onKnown, signal) => describeProject(project, { onKnown, signal }))
  opened.defer(() => workflows.abandon())
  // Runs while the store is being opened. Each of the two keeps one processor busy for a third of a
  // second.
  if (!watchOnly) workflows.begin()
  const store = await openStore({
    ...{ paths, clock },
    role: watchOnly ? 'follower' : 'scheduler',
    waitMs: watchOnly ? waitMs : STORE_TIMEOUT_MS,
    ...(signal === undefined ? {} : { signal }),
  }).catch(async (error: unknown) => {
    throw !watchOnly && isDamaged(error) ? await reportDamage(project, error) : error
  })
  let forgetErrors: () => void = () => undefined
  opened.defer(() => forgetErrors())
  opened.defer(() => store.close())
  if (store.role !== 'scheduler') workflows.abandon()
  store.onWarning(message => log.warn(message))
  const source = readProject(store, paths, clock, log, { followLogs })
  opened.defer(() => source.close())
  let control: Control | null = null
  let follower: ConfigFollower | null = null
  // Abandons the proxy functions, because one that hangs would delay the end of this process.
  opened.defer(() => {
    for (const { proxies } of [project, follower?.current ?? project]) proxies.abandon()
  })
  opened.defer(() => control?.close())
  opened.defer(() => follower?.close())
  forgetErrors = endAfterUncaughtError({
    log,
    control: () => control,
    notify: reason =>
      store.call('notices.tell', {
        channels: channelsOfProject(follower?.current ?? project).map(({ name }) => name),
        notice: { kind: 'scheduler-bug', reason },
      }),
    close: () => opened.close(),
  })

  return {
    store,
    source,
    log,
    get project() {
      return follower?.current ?? project
    },
    async schedule(scope) {
      if (store.role !== 'scheduler') {
        follower = followConfig({ project, control: null, log, clock })
        return null
      }
      for (const copy of databasesSetAside(paths.database, ['damaged'])) {
        log.warn(
          `A damaged database is next to the one in use: ${copy}. Its jobs are not in the present database. Rescue its rows into a new file with ` +
            `${rescueCommand(copy, `${copy}.rescued`)}, or move the damaged file away if you do not need it.`,
        )
      }
      // On Windows all processes that are started after this call end together with this process,
      // however it ends.
      joinKillOnCloseJob()
      const unprotected = checkSandbox(config)
      if (unprotected !== undefined) log.warn(unprotected)
      if (process.platform === 'win32') await warnOfExposedFolders(paths.root, log)
      const browser = await ensureBrowser({
        print: line => log.warn(line),
        search: browserSearch(project.resolved),
        headed: !config.headless,
      })
      const launch: LaunchProfile = {
        executable: browser.path,
        kind: browser.kind,
        headless: config.headless,
        extraArgs: config.browserArgs,
        cdp: config.cdp,
        proxyServer: null,
        limits: jobLimits(config),
      }
      control = await startControl({
        store,
        paths,
        clock,
        log,
        logTrouble: () => log.trouble,
        launch,
        ...controlSettings(project),
        sites: project.sites(),
        proxies: project.proxies,
        language: messageLanguageOf(project),
        program: PROGRAM.version,
        ...(scope === undefined ? {} : { scope }),
        describe: workflows.describe,
        describedSince,
        // Always uses the configuration at the start, because the folders of the workflows do not
        // change.
        requireTrust: what => project.requireTrust(what),
        workflowFolders: workflowFolders(paths, config),
      })
      follower = followConfig({ project, control, log, clock })
      return control
    },
    close: () => opened.close(),
  }
}

/**
 * Logs which folders other Windows users can read or change. File modes have no effect on Windows,
 * so the folders are not private by themselves.
 */
async function warnOfExposedFolders(root: string, log: Log): Promise<void> {
  for (const { path, right, accounts } of await exposedFolders(root)) {
    log.warn(`${accounts.join(', ')} can ${right} ${path}. Run "automate-tui doctor --fix".`)
  }
}
