import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { refuseDanglingLink } from '../../lib/core/disk/dangling-link.ts'
import { systemClock } from '../../lib/core/time/clock.ts'
import { AutomateError } from '../../lib/core/errors/errors.ts'
import { sanitiseBlock, sanitiseLine } from '../../lib/core/text/sanitise.ts'
import type { CrashReport } from '../../lib/model/failure/crash.ts'
import { NO_WORKER, WorkerDocument } from '../../lib/model/worker/documents.ts'
import type { LogLine } from '../../lib/model/log-line.ts'
import { JOB_STATES } from '../../lib/model/job/job.ts'
import { rootCauseOf } from '../../lib/model/failure/root-cause.ts'
import { formatPhase } from '../../lib/model/job/phase.ts'
import { showTraceCommand } from '../../lib/model/trace/trace-settings.ts'
import { logFolders, startOfDay } from '../../lib/files/logs/log-folders.ts'
import { tailLogs } from '../../lib/files/logs/log-tail.ts'
import { readDocumentsSync } from '../../lib/files/documents/read-documents.ts'
import { remedyWords } from '../../lib/locales/format/remedy-words.ts'
import { artefactWords } from '../../lib/locales/format/artefact-words.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { translatorFor } from '../../lib/locales/translator.ts'
import type { Translator } from '../../lib/locales/translator.ts'
import { serviceState } from '../../lib/app/port/scheduler-phase.ts'
import { serviceWords } from '../../lib/locales/format/service-words.ts'
import { troubleLines } from '../../lib/locales/format/channel-trouble.ts'
import { useOf } from '../../lib/locales/format/machine-use-words.ts'
import { keptWords } from '../../lib/locales/format/kept-words.ts'
import { waitingWords } from '../../lib/locales/format/waiting-words.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { parseLimit, readNewest } from '../../lib/app/queries/pagination.ts'
import { localTime, printResult, table } from '../output/output.ts'
import { readMetrics } from '../../lib/app/queries/metrics.ts'
import type { MetricsSummary } from '../../lib/app/queries/metrics.ts'
import { languageOf, openProject, wordsOf } from '../../lib/app/project/project.ts'
import { readProjectState, readSchedulerState } from '../../lib/app/queries/project-state.ts'
import type { Project, ProjectFlags } from '../../lib/app/project/project.ts'
import { schedulerLines } from '../status/scheduler-lines.ts'
import { wishService } from '../../lib/app/use-cases/wish-service.ts'
import type { ServiceWish } from '../../lib/app/use-cases/wish-service.ts'
import { readStore } from '../../lib/app/project/with-store.ts'

export async function listCrashes(
  flags: ProjectFlags & { readonly limit?: string },
  json: boolean,
): Promise<ExitCode> {
  const limit = parseLimit(flags.limit)
  const project = await openProject(flags, { readOnly: true })
  const { commands } = wordsOf(project)
  const { rows, cut } = await readStore(project, store =>
    readNewest(limit, page => store.call('crashes.list', page)),
  )
  printResult(rows, json, list =>
    list.length === 0
      ? commands.noCrashes
      : table(
          Object.values(commands.crashColumns),
          list.map(one => [
            one.id,
            localTime(one.at),
            one.jobId,
            one.workflow,
            one.phase === null ? '' : formatPhase(one.phase),
            one.errorName,
            one.message,
          ]),
        ),
  )
  if (cut) process.stderr.write(`${commands.listCut(limit)}\n`)
  return EXIT.done
}

export async function showCrash(flags: ProjectFlags, id: string, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags, { readOnly: true })
  const crash = await readCrash(project, id)
  printResult(crash, json, value => crashText(value, project.paths.root, wordsOf(project)))
  return EXIT.done
}

/** Thrown with code `usage` or `job-missing`: there is no such report. */
export async function readCrash(project: Project, id: string): Promise<CrashReport> {
  const number = Number(id)
  if (!Number.isInteger(number) || number < 1) throw new AutomateError('usage', `"${id}" is no crash number.`)
  const crash = await readStore(project, store => store.call('crashes.read', { id: number }))
  if (crash !== null) return crash
  throw new AutomateError('job-missing', `There is no crash report ${id}. "automate-tui crashes" lists them.`)
}

function crashText(crash: CrashReport, root: string, words: Catalogue): string {
  const { commands } = words
  const { frame } = rootCauseOf(crash)
  const phase = crash.phase === null ? commands.outsidePhases : formatPhase(crash.phase)
  return sanitiseBlock(
    [
      commands.crashTitle(
        crash.id,
        localTime(crash.at),
        commands.crashJob(
          crash.jobId,
          crash.workflow,
          crash.attempt,
          crash.workerId === NO_WORKER ? '–' : `${crash.member}/${crash.members}`,
        ),
      ),
      commands.inPhase(phase),
      ...(crash.url === null ? [] : [commands.atUrl(crash.url)]),
      ...(frame === null ? [] : [commands.atLine(frame)]),
      '',
      remedyWords(crash.error.code, words),
      '',
      crash.error.stack,
      ...(crash.lastLines.length === 0
        ? []
        : ['', commands.lastLines, ...crash.lastLines.map(line => `  ${line}`)]),
      ...(crash.artefacts.length === 0
        ? []
        : ['', ...crash.artefacts.map(({ kind, path }) => `${artefactWords(kind, words)}: ${path}`)]),
      ...crash.artefacts
        .filter(({ kind }) => kind === 'traces')
        .map(({ path }) => commands.openTrace(showTraceCommand(join(root, path)))),
    ].join('\n'),
    100_000,
  )
}

/** A page that loads addresses which it invents leaves a thousand pauses. */
const MAX_HOLD_LINES = 20

export async function showStatus(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags, { readOnly: true })
  const { paths } = project
  const words = wordsOf(project)
  const { commands } = words
  const known = await readStore(project, async (store, alone) => ({
    ...(await readSchedulerState(paths, store, alone)),
    holds: await store.call('domains.pauses', {}),
    counts: await store.call('jobs.counts', {}),
    lateReports: (await store.call('late-reports.count', {})).count,
    channels: await store.call('messages.overview', {}),
  }))
  const t = translatorFor(languageOf(project))
  const runs = known.scheduler !== null && known.scheduler.phase !== 'stopped'
  const metrics = runs ? readMetrics(paths.metrics, known) : null
  const status = { ...known, metrics }
  printResult(status, json, () =>
    [
      ...schedulerLines(status, t),
      commands.jobsLine(
        JOB_STATES.map(state => `${status.counts[state]} ${words.jobState[state]}`).join(', '),
      ),
      ...(metrics === null ? [] : [useLine(metrics, t)]),
      ...(status.lateReports === 0 ? [] : [commands.lateLine(status.lateReports)]),
      ...status.holds
        .slice(0, MAX_HOLD_LINES)
        .map(hold => commands.holdLine(hold.domain, hold.status, localTime(hold.until))),
      ...(status.holds.length > MAX_HOLD_LINES
        ? [commands.moreHolds(status.holds.length - MAX_HOLD_LINES)]
        : []),
      ...status.services.map(one => {
        const line = commands.serviceLine(one.name, serviceState(one, status, words))
        return one.doing?.what === 'trouble' ? `${line}. ${serviceWords(one, words)}` : line
      }),
      ...status.channels.flatMap(channel => troubleLines(channel, words)),
      // What the workers of a scheduler that has gone did last is not what runs.
      ...(runs ? status.workers : []).map(worker =>
        commands.workerLine(
          worker.workerId,
          worker.job?.jobId ?? null,
          howItIs(worker, words),
          worker.state === 'kept'
            ? whereIs(worker, words)
            : [
                whereIs(worker, words),
                worker.browser?.devtools ?? '',
                `(${useOf(worker, t).join(', ')})`,
              ].join(' '),
        ),
      ),
    ]
      .map(line => sanitiseLine(line))
      .join('\n'),
  )
  return EXIT.done
}

function useLine({ last, most }: MetricsSummary, t: Translator): string {
  const cpu = t.words.facts.cpu(Math.round(last.cpuPercent))
  return t.words.commands.useLine(t.bytes(last.memoryBytes), cpu, t.bytes(most.memoryBytes))
}

function howItIs({ state, outcome }: WorkerDocument, words: Catalogue): string {
  const label = words.workerState[state]
  return outcome === null || state === 'kept' ? label : `${label} (${words.outcome[outcome]})`
}

/** The phase that it is in, or was in last. */
function whereIs(worker: WorkerDocument, words: Catalogue): string {
  const { waiting, history } = worker
  const kept = keptWords(worker, words, localTime)
  if (kept !== undefined) return kept
  const phase = worker.phase ?? history.at(-1)
  const place = phase === undefined ? '' : formatPhase(phase)
  return waiting === undefined ? place : `${place} — ${waitingWords(waiting, words)}`
}

export async function showServices(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags, { readOnly: true })
  const words = wordsOf(project)
  const { paths } = project
  const known = await readStore(project, (store, alone) => readProjectState(paths, store, alone))
  printResult(known.services, json, list =>
    table(
      [...Object.values(words.commands.serviceColumns), ''],
      list.map(one => [
        one.name,
        serviceState({ name: one.name, actual: one.desired }, known, words),
        serviceState(one, known, words),
        localTime(one.since),
        one.restarts,
        serviceWords(one, words),
      ]),
    ),
  )
  return EXIT.done
}

/** @throws as `wishService`. */
export async function controlService(
  flags: ProjectFlags,
  wish: ServiceWish,
  name: string,
  json: boolean,
): Promise<ExitCode> {
  const project = await openProject(flags)
  await wishService(project, name, wish)
  printResult({ name, wish }, json, () => wordsOf(project).commands.wished[wish](name))
  return EXIT.done
}

/** Prints the newest log lines; with `follow` goes on until the process is ended. */
export async function showLogs(flags: ProjectFlags, follow: boolean, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags, { readOnly: true })
  const { paths } = project
  refuseDanglingLink(join(paths.root, 'logs'))
  // Following makes a folder that is missing: a command that only reads waits until a scheduler has made it.
  const folders = () => {
    const workers = readDocumentsSync(paths.workerStates, WorkerDocument)
    return logFolders(paths, systemClock.now(), workers).filter(existsSync)
  }
  const tail = tailLogs({ folders, since: startOfDay(systemClock.now()).getTime() })
  const print = (lines: readonly LogLine[]) => {
    for (const line of lines) printResult(line, json, logText)
  }
  await tail.ready
  print(tail.lines)
  if (tail.lines.length === 0 && !json) process.stderr.write(`${wordsOf(project).commands.noLogLines}\n`)
  if (follow) {
    const ended = new Promise<void>(resolve => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
      process.stdout.once('error', () => resolve())
    })
    tail.subscribe(print)
    await ended
  }
  await tail.close()
  return EXIT.done
}

function logText(line: LogLine): string {
  const subject = line.jobId === undefined ? line.source : `job ${line.jobId}`
  return sanitiseLine(
    `${localTime(line.at)}  ${line.level.padEnd(5)}  ${subject.padEnd(10)}  ${line.message}`,
  )
}
