import { sanitiseBlock, sanitiseLine } from '../../lib/core/text/sanitise.ts'
import { NO_WORKER } from '../../lib/model/worker/documents.ts'
import { rootCauseOf } from '../../lib/model/failure/root-cause.ts'
import { authorStack } from '../../lib/model/failure/stack-frame.ts'
import { formatPhase } from '../../lib/model/job/phase.ts'
import { remedyWords } from '../../lib/locales/format/remedy-words.ts'
import type { Translator } from '../../lib/locales/translator.ts'
import { artefactEntry } from './artefact-entry.ts'
import type { CrashDetail } from '../../lib/app/port/lookup.ts'
import { channelWords } from '../../lib/locales/format/service-words.ts'
import type { RecordEntry } from '../overlays/overlay-state.ts'

/**
 * Returns all facts of a crash: place, reason, notifications and files. In the list of crashes,
 * only the stack frames in the author's own code are shown.
 */
export function crashEntries(
  { report, deliveries, noticed }: CrashDetail,
  t: Translator,
  stack: 'whole' | 'own' = 'whole',
): readonly RecordEntry[] {
  const { labels, columns } = t.words
  const { error, phase, artefacts, lastLines } = report
  const line = (name: string, text: string) => ({ name, text: sanitiseLine(text) })
  const { frame } = rootCauseOf(report)
  return [
    line(labels.remedy, remedyWords(error.code, t.words)),
    { name: labels.error, text: sanitiseBlock(`${error.name} (${error.code}): ${error.message}`) },
    line(labels.phase, phase === null ? '–' : formatPhase(phase, t.words.phaseTry)),
    ...(frame === null ? [] : [line(labels.line, frame)]),
    line(labels.job, `#${report.jobId} ${report.workflow}, ${labels.attempt(report.attempt)}`),
    line(
      labels.member,
      report.workerId === NO_WORKER
        ? '–'
        : `${labels.memberOf(report.member, report.members)} (${report.workerId})`,
    ),
    line(columns.when, t.stamp(report.at)),
    ...(report.url === null ? [] : [line(labels.page, report.url)]),
    { name: labels.told, text: toldLines({ report, deliveries, noticed }, t).join('\n') },
    { name: labels.stack, text: sanitiseBlock(stack === 'whole' ? error.stack : ownStack(error, t)) },
    ...artefacts.map(one => artefactEntry(one, t.words)),
    ...(lastLines.length === 0
      ? []
      : [{ name: labels.lastLines, text: lastLines.map(each => sanitiseLine(each)).join('\n') }]),
  ]
}

function ownStack({ stack, message }: CrashDetail['report']['error'], { words }: Translator): string {
  const { text, others } = authorStack(stack, message)
  return others === 0 ? text : `${text}\n${words.labels.otherCalls(others)}`
}

/**
 * Returns a line for each channel through which people are notified of the crash: by the notifier,
 * or by the worker itself if Control did not respond. If there is no such channel, the only line
 * says whether the crash has been noticed.
 */
export function toldLines({ report, deliveries, noticed }: CrashDetail, t: Translator): string[] {
  const { told, notify } = t.words
  const byWorker = report.notifiedBy.channels.map(channel => {
    const name = channelWords(channel, notify)
    return report.notifiedBy.sure ? told.byWorker(name) : told.perhapsByWorker(name)
  })
  const byNotifier = deliveries.map(({ channel, state, at }) => {
    const name = channelWords(channel, notify)
    if (state === 'sent') return told.sent(name, at === null ? '' : t.stamp(at))
    return state === 'waiting' ? told.waiting(name) : told.refused(name)
  })
  const lines = [...byWorker, ...byNotifier]
  if (lines.length > 0) return lines
  return [noticed ? told.withOthers : told.notYet]
}
