import { recoveryOf } from '../core/errors/recovery.ts'
import type { CrashSummary } from '../model/failure/crash.ts'
import { retriesOf, retriesUsed } from '../model/job/job.ts'
import type { MemberRecord } from '../model/job/member-record.ts'
import type { JobReport } from '../model/job/job-report.ts'
import { artefactWords } from '../locales/format/artefact-words.ts'
import { remedyWords } from '../locales/format/remedy-words.ts'
import type { Translator } from '../locales/translator.ts'
import { Markup, html } from './markup.ts'
import { formatPhase } from '../model/job/phase.ts'
import type { PhaseRecord, StepRecord } from '../model/job/phase.ts'

/** Style sheet of the page. The page is self-contained: it loads no file, font or address. */
const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8883 }
th { font-weight: 600 }
td.time { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
td.bar { width: 30% }
td.bar span { display: block; height: .7rem; margin-top: .4rem; border-radius: 2px; background: #4a90d9; min-width: 2px }
tr.step td { border: 0; opacity: .8; padding-top: 0; padding-bottom: 0 }
tr.step td:first-child { padding-left: 1.5rem }
.failed, .timed-out, .crashed { color: #c0392b }
.done, .succeeded { color: #2e8b57 }
td.bar span.failed, td.bar span.timed-out { background: #c0392b }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #8881; padding: .75rem; border-radius: 4px }
img { max-width: 100%; border: 1px solid #8885 }
footer { margin-top: 2rem; opacity: .7 }
`

/**
 * Content security policy that allows only inline styles and inline pictures. Even if a text were
 * not escaped, no script in it could run and nothing could be loaded.
 */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

/** Pictures of failures, as base64 of a PNG, by the number of the crash report. */
export type Pictures = ReadonlyMap<number, string>

/**
 * Returns the report of one run as a self-contained HTML page, which can be mailed and opened
 * without a network.
 */
export function reportPage(run: JobReport, pictures: Pictures, t: Translator): string {
  const { job } = run
  const { report, jobState } = t.words
  const title = report.title(job.id, job.workflow)
  const facts: [name: string, value: string][] = [
    [report.facts.state, jobState[job.state]],
    [report.facts.attempts, report.attemptsOf(job.attempt, retriesUsed(job), retriesOf(job))],
    [report.facts.queued, t.moment(job.queuedAt)],
    [report.facts.started, job.startedAt === null ? '' : t.moment(job.startedAt)],
    [report.facts.ended, job.endedAt === null ? '' : t.moment(job.endedAt)],
    [report.facts.result, job.result === null ? '' : JSON.stringify(job.result, null, 2)],
    [report.facts.error, job.error === null ? '' : `${job.error.name}: ${job.error.message}`],
    [report.facts.late, job.lateReports === 0 ? '' : report.late(job.lateReports)],
  ]
  const page = html`<!doctype html>
    <html lang="${t.language}">
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${new Markup(POLICY)}" />
      <meta name="viewport" content="width=device-width" />
      <title>${title}</title>
      <style>
        ${new Markup(STYLE)}
      </style>
      <h1>${title}</h1>
      <table>
        ${facts
          .filter(([, value]) => value !== '')
          .map(
            ([name, value]) =>
              html`<tr>
                <th>${name}</th>
                <td>${value}</td>
              </tr>`,
          )}
      </table>
      ${run.members.length === 0 ? html`<p>${report.nothingYet}</p>` : run.members.map(one => memberPart(one, t))}
      ${run.crashes.map(crash => crashPart(crash, pictures.get(crash.id), t))}
      <footer>${report.written(t.moment(run.writtenAt))}</footer>
    </html>`
  return `${page.text}\n`
}

function memberPart(member: MemberRecord, t: Translator): Markup {
  const { report, outcome } = t.words
  const { attempt, history, workerId } = member
  const { status } = member.outcome
  return html`<section>
    <h2>
      ${report.worker(attempt, member.member, member.members)} <small>${workerId}</small>
      <span class="${status}">${outcome[status]}</span>
    </h2>
    ${history.length === 0 ? html`<p>${report.noPhases}</p>` : phaseTable(history, t)}
    ${'error' in member.outcome ? failurePart(member.outcome.error, t) : html``}
  </section>`
}

function failurePart(
  error: Extract<MemberRecord['outcome'], { error: unknown }>['error'],
  t: Translator,
): Markup {
  const { retry } = recoveryOf(error)
  const { report } = t.words
  return html`<p class="failed">${error.name} (${error.code}): ${error.message}</p>
    <p>${remedyWords(error.code, t.words)} (${report.retry[retry]})</p>
    <details>
      <summary>${report.stack}</summary>
      <pre>${error.stack}</pre>
    </details>`
}

function crashPart({ id, artefacts }: CrashSummary, picture: string | undefined, t: Translator): Markup {
  const { report } = t.words
  return html`<section>
    <h2>${report.crash(id)}</h2>
    <ul>
      ${artefacts.map(({ kind, path }) => html`<li>${artefactWords(kind, t.words)}: <code>${path}</code></li>`)}
    </ul>
    ${picture === undefined ? html`` : html`<img alt="${report.crash(id)}" src="data:image/png;base64,${picture}" />`}
  </section>`
}

/**
 * Returns a table of one worker's phases with their tries and steps. Each has its start, its
 * duration, and a bar on the time axis of the whole run.
 */
function phaseTable(history: readonly PhaseRecord[], t: Translator): Markup {
  const { report } = t.words
  const startsAt = Math.min(...history.map(({ startedAt }) => startedAt))
  const wholeMs = Math.max(1, Math.max(...history.map(({ endedAt }) => endedAt)) - startsAt)
  const bar = ({ startedAt, endedAt }: Pick<PhaseRecord, 'startedAt' | 'endedAt'>, status: string) => {
    const share = (ms: number) => ((Math.max(0, ms) / wholeMs) * 100).toFixed(2)
    return html`<td class="bar">
      <span
        class="${status}"
        style="margin-left:${share(startedAt - startsAt)}%;width:${share(endedAt - startedAt)}%"
      ></span>
    </td>`
  }
  const row = (phase: PhaseRecord) => html`
    <tr>
      <td>${formatPhase({ ...phase, step: phase.status === 'done' ? '' : phase.step }, t.words.phaseTry)}</td>
      <td class="${phase.status}">${t.words.phaseStatus[phase.status]}</td>
      <td class="time">${t.duration(phase.endedAt - phase.startedAt)}</td>
      ${bar(phase, phase.status)}
      <td>${phase.error === undefined ? '' : `${phase.error.name}: ${phase.error.message}`}</td>
    </tr>
    ${leftOut(phase, t)}
    ${(phase.steps ?? []).map(step => stepRow(step, bar(step, step.failed ? 'failed' : 'done'), t))}
  `
  const { phase, status, took, when, error } = report.columns
  return html`<table>
    <tr>
      <th>${phase}</th>
      <th>${status}</th>
      <th>${took}</th>
      <th>${when}</th>
      <th>${error}</th>
    </tr>
    ${history.map(row)}
  </table>`
}

function stepRow({ path, startedAt, endedAt, failed }: StepRecord, bar: Markup, t: Translator): Markup {
  return html`<tr class="step">
    <td class="${failed ? 'failed' : 'step'}">${path}</td>
    <td></td>
    <td class="time">${t.duration(endedAt - startedAt)}</td>
    ${bar}
    <td></td>
  </tr>`
}

function leftOut({ stepsLeftOut }: PhaseRecord, t: Translator): Markup {
  if (stepsLeftOut === undefined) return html``
  return html`<tr class="step">
    <td colspan="5">${t.words.report.stepsLeftOut(stepsLeftOut)}</td>
  </tr>`
}
