import type { Redact } from '../core/text/redact.ts'
import { sanitiseBlock } from '../core/text/sanitise.ts'
import { knownSecrets } from '../core/secrets/known-secrets.ts'
import type { Notification, SingleNotification } from '../model/notify/notification.ts'
import { backupLine, outcomeLines, noticeLine, placeLines } from '../locales/format/notice-words.ts'
import type { Translator } from '../locales/translator.ts'
import type { Outgoing } from './channel.ts'
import { bold, code, plain } from './rich-text.ts'
import type { RichText, Span } from './rich-text.ts'

/** Language, project name and redaction of notices. */
export interface NoticeWording {
  readonly t: Translator
  /** Name of the project, which is the name of its folder. */
  readonly project: string
  readonly redact: Redact
}

/**
 * Maximum number of characters of an error message after its first line. A message may be a whole
 * page, and the report contains more of it.
 */
const ERROR_LIMIT = 600

/**
 * Returns a notice as text for people, without secrets and without control codes of terminals or
 * browsers. A remark is added if the notice may have arrived before.
 */
export function noticeText(
  notice: Notification,
  { uncertain: mayRepeat, asOf }: Pick<Outgoing, 'uncertain' | 'asOf'>,
  wording: NoticeWording,
): RichText {
  const { t, project } = wording
  const { notify } = t.words
  const repeats = mayRepeat || (notice.kind === 'crash' && notice.mayRepeat)
  const spans = [
    bold(notify.headline(project, headline(notice, t))),
    ...body(notice, t),
    ...(asOf === undefined || notice.kind === 'summary' ? [] : [plain(`\n${notify.asOf(t.moment(asOf))}`)]),
    ...(repeats ? [plain(`\n${notify.mayRepeat}`)] : []),
  ]
  return spans.map(span => ({ ...span, text: safe(span, wording) })).filter(({ text }) => text !== '')
}

function headline(notice: Notification, t: Translator): string {
  const line = noticeLine(notice, t.words)
  return notice.kind === 'summary' ? t.words.notify.summarySince(line, t.moment(notice.since)) : line
}

function body(notice: Notification, t: Translator): Span[] {
  if (notice.kind !== 'summary') return single(notice, t)
  const { notify } = t.words
  const left = notice.count - notice.notices.length
  return [
    ...notice.notices.flatMap(one => [plain('\n\n'), bold(noticeLine(one, t.words)), ...single(one, t)]),
    ...(left > 0 ? [plain(`\n\n${notify.more(left)}`)] : []),
  ]
}

function single(notice: SingleNotification, t: Translator): Span[] {
  const { notify, jobState } = t.words
  switch (notice.kind) {
    case 'crash': {
      const { error, count, total, since, frame, crashId } = notice
      const lines = error.message.split('\n').slice(1).join('\n').trim()
      const rest = knownSecrets.head(lines, ERROR_LIMIT)
      return [
        ...[...placeLines(notice, t.words), ...outcomeLines(notice, t.words)].map(line => plain(`\n${line}`)),
        ...(total > 1 || count > 1
          ? [plain(`\n${notify.since(notify.failures(total), t.moment(since))}`)]
          : []),
        ...(rest === '' ? [] : [plain('\n'), code(rest)]),
        ...(frame === null ? [] : [plain('\n'), code(notify.at(frame))]),
        ...(crashId === null ? [] : [plain(`\n${notify.details(crashId)}`)]),
      ]
    }
    case 'recovered':
      return [
        plain(
          `\n${notify.after(notice.error.name, notify.since(notify.failures(notice.total), t.moment(notice.since)))}`,
        ),
      ]
    case 'scheduler-ended': {
      const { jobs } = notice
      if (jobs.length === 0) return [plain(`\n${notify.nothingRan}`)]
      return [
        plain(`\n${notify.consoleJobs(jobs.length)}`),
        ...jobs.map(({ id, state }) => plain(`\n${notify.jobNow(id, jobState[state])}`)),
        ...jobs
          .filter(({ state }) => state === 'parked')
          .map(({ id }) => plain(`\n${t.words.waits.retry(id)}`)),
      ]
    }
    case 'database-damaged': {
      const { path, backup } = notice
      return [
        plain(`\n${notify.stoppedForDamage(path)}`),
        plain(`\n${backupLine(notice, t.words)}`),
        plain(`\n${notify.restoreOrNew(backup)}`),
      ]
    }
    case 'database-removed': {
      const { path, copy } = notice
      return [
        plain(`\n${notify.stoppedForRemoval(path)}`),
        plain(`\n${copy === null ? notify.noCopy : notify.copyOfRemoved(copy)}`),
        plain(`\n${notify.restoreOrNew(copy)}`),
      ]
    }
    case 'restart-failed':
      return [
        plain('\n'),
        code(knownSecrets.head(notice.reason, ERROR_LIMIT)),
        plain(`\n${notify.restartRemedy}`),
      ]
    case 'package-removed':
      return [plain(`\n${notify.packageRemedy(notice.folder)}`)]
    case 'scheduler-bug':
      return [
        plain('\n'),
        code(knownSecrets.head(notice.reason, ERROR_LIMIT)),
        plain(`\n${notify.startAgain}`),
      ]
    case 'backup-failed':
      return [
        plain('\n'),
        code(knownSecrets.head(notice.reason, ERROR_LIMIT)),
        plain(`\n${notify.backupRemedy}`),
      ]
    case 'workers-fail':
    case 'writes-refused':
    case 'project-untrusted':
    case 'workflow-missing':
      return [plain('\n'), code(knownSecrets.head(notice.reason, ERROR_LIMIT))]
    case 'disk-full':
      return [
        plain(`\n${notify.diskFree(notice.folder, notice.freeMegabytes, notice.neededMegabytes)}`),
        plain(`\n${notify.diskRemedy}`),
      ]
    case 'disk-room':
    case 'writes-resumed':
    case 'project-trusted':
    case 'test':
      return []
  }
}

/** Maximum length of a span, sufficient for every message that is not hostile. */
const SPAN_LIMIT = 20_000

function safe({ text }: Span, { redact }: NoticeWording): string {
  return sanitiseBlock(redact(text), SPAN_LIMIT)
}
