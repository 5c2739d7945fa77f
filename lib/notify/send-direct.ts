import type { Clock } from '../core/time/clock.ts'
import type { Redact } from '../core/text/redact.ts'
import type { FallbackNotifierSettings } from '../model/worker/worker-secrets.ts'
import { rootCauseOf } from '../model/failure/root-cause.ts'
import type { CrashDocument } from '../model/worker/documents.ts'
import type { Delivery } from '../model/notify/outbox-message.ts'
import { formatPhase } from '../model/job/phase.ts'
import { translatorFor } from '../locales/translator.ts'
import { telegramChannel } from './telegram.ts'

export interface DirectSending {
  readonly settings: FallbackNotifierSettings
  readonly redact: Redact
  readonly clock: Clock
  readonly deadlineMs: number
  /** Returns the contents of the picture file of a crash report, or undefined if there is none. */
  readonly pictureAt: (path: string) => Uint8Array | undefined
}

/**
 * Sends the notice of one crash over Telegram, without the outbox, for a worker whose scheduler
 * does not respond. Never rejects.
 */
export function sendDirect(
  crash: CrashDocument,
  { settings: { telegram, language, project }, redact, clock, deadlineMs, pictureAt }: DirectSending,
): Promise<Delivery> {
  const { workerId, jobId, attempt, member, members, workflow, error, phase, at, artefacts } = crash
  const wording = { t: translatorFor(language), project, redact }
  const channel = telegramChannel({ settings: telegram, wording, clock, deadlineMs, pictureAt })
  return channel.send(
    {
      id: `${workerId}-${attempt}`,
      queuedAt: at,
      partsDone: 0,
      uncertain: false,
      notice: {
        ...{ kind: 'crash', state: 'new', count: 1, total: 1, since: at, more: 0, crashId: null },
        error: { name: error.name, code: error.code, message: error.message },
        frame: rootCauseOf(crash).frame,
        places: [
          {
            ...{ workerId, jobId, attempt, member, members, workflow },
            phase: phase === null ? '' : formatPhase(phase),
          },
        ],
        screenshot: artefacts.find(({ kind }) => kind === 'screenshots')?.path ?? null,
        mayRepeat: false,
      },
    },
    new AbortController().signal,
  )
}
