import { recoveryOf } from '../core/errors/recovery.ts'
import type { CrashSummary } from '../model/failure/crash.ts'
import { retriesOf, retriesUsed } from '../model/job/job.ts'
import type { MemberRecord } from '../model/job/member-record.ts'
import type { JobReport } from '../model/job/job-report.ts'
import { artefactWords } from '../locales/format/artefact-words.ts'
import { remedyWords } from '../locales/format/remedy-words.ts'
import type { Translator } from '../locales/translator.ts'
import { Markup, html } from './markup.ts'
import { phaseTable } from './phase-rows.ts'
import { STYLE } from './style.ts'

/** A page needs its style and its pictures alone. If a text were not escaped, no script of it could run and nothing could be loaded. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

/** A picture of a failure, by the number of its crash report: PNG in base64. */
export type Pictures = ReadonlyMap<number, string>

/** One run as a page that stands alone: it can be mailed, and opened without a network. */
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
