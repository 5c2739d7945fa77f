import { sanitiseLine } from '../../lib/core/text/sanitise.ts'
import type { WorkerDocument } from '../../lib/model/worker/documents.ts'
import { JOB_STATES } from '../../lib/model/job/job.ts'
import { formatPhase } from '../../lib/model/job/phase.ts'
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
import { localTime, printResult } from '../output/output.ts'
import { readMetrics } from '../../lib/app/queries/metrics.ts'
import type { MetricsSummary } from '../../lib/app/queries/metrics.ts'
import { languageOf, openProject, wordsOf } from '../../lib/app/project/project.ts'
import { readSchedulerState } from '../../lib/app/queries/project-state.ts'
import type { ProjectFlags } from '../../lib/app/project/project.ts'
import { schedulerLines } from '../status/scheduler-lines.ts'
import { readStore } from '../../lib/app/project/with-store.ts'

/**
 * Maximum number of domain pauses in the output. A page that loads random addresses can cause a
 * thousand.
 */
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
      // If the scheduler has ended, its workers have ended too, whatever their last documents say.
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
  const cpu = t.words.labels.cpu(Math.round(last.cpuPercent))
  return t.words.commands.useLine(t.bytes(last.memoryBytes), cpu, t.bytes(most.memoryBytes))
}

function howItIs({ state, outcome }: WorkerDocument, words: Catalogue): string {
  const label = words.workerState[state]
  return outcome === null || state === 'kept' ? label : `${label} (${words.outcome[outcome]})`
}

/** Returns a text for the position of a worker: its held browser, or its current or last phase. */
function whereIs(worker: WorkerDocument, words: Catalogue): string {
  const { waiting, history } = worker
  const kept = keptWords(worker, words, localTime)
  if (kept !== undefined) return kept
  const phase = worker.phase ?? history.at(-1)
  const place = phase === undefined ? '' : formatPhase(phase)
  return waiting === undefined ? place : `${place} — ${waitingWords(waiting, words)}`
}
