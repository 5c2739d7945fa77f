import { formatPhase } from '../model/job/phase.ts'
import type { PhaseRecord, StepRecord } from '../model/job/phase.ts'
import type { Translator } from '../locales/translator.ts'
import { html } from './markup.ts'
import type { Markup } from './markup.ts'

/** The phases of one worker with their tries and steps: when, how long, and a bar on the time of the whole. */
export function phaseTable(history: readonly PhaseRecord[], t: Translator): Markup {
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
