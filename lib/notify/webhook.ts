import type { Clock } from '../core/time/clock.ts'
import { redactJson } from '../core/text/redact.ts'
import type { Delivery } from '../model/notify/outbox-message.ts'
import type { DeliveryRejection } from '../model/notify/delivery-rejection.ts'
import type { WebhookSettings } from '../model/notify/notify-settings.ts'
import type { Channel } from './channel.ts'
import { noticeText } from './notice-text.ts'
import type { NoticeWording } from './notice-text.ts'
import { httpRequest } from './http-request.ts'
import type { Answer } from './http-request.ts'
import { plainText, withoutMentions } from './rich-text.ts'

export interface WebhookOptions {
  readonly settings: WebhookSettings
  readonly wording: NoticeWording
  readonly clock: Clock
  readonly deadlineMs: number
}

/**
 * Creates a channel that posts JSON: `{ version: 1, id, project, at, text, mayRepeat, notice }`.
 * Services with incoming webhooks show only `text`. `notice` contains the same information as
 * structured data (lib/model/notify/notification.ts). `id` is also sent in the header
 * `idempotency-key`, so that a receiver can recognize a repeated message.
 */
export function webhookChannel({ settings, wording, clock, deadlineMs }: WebhookOptions): Channel {
  return {
    name: 'webhook',
    async send({ id, notice, queuedAt, ...how }, signal) {
      const { project, redact } = wording
      const text = withoutMarkup(plainText(withoutMentions(noticeText(notice, how, wording))))
      const facts = redactJson(notice, redact)
      const body = { version: 1, id, project, at: queuedAt, text, mayRepeat: how.uncertain, notice: facts }
      const headers = { ...settings.headers, 'content-type': 'application/json', 'idempotency-key': id }
      const answer = await httpRequest(
        { url: settings.url, method: 'POST', headers, body: JSON.stringify(body) },
        deadlineMs,
        clock,
        signal,
      )
      return deliveryOf(answer)
    },
  }
}

const LOOK_ALIKES: Readonly<Record<string, string>> = { '<': '‹', '>': '›', ']': '] ' }

/**
 * Matches the signs of markup. `]` before `(` or `[` separates the words of a Markdown link from
 * its address.
 */
const SIGNS = /[<>]|\](?=[([])/g

/**
 * Returns the text with the markup disabled that chat services would interpret: `<!channel>`
 * mentions people, and `<address|words>` and `[words](address)` disguise a link. A page can write
 * such markup into its errors.
 */
function withoutMarkup(text: string): string {
  return text.replaceAll(SIGNS, sign => LOOK_ALIKES[sign] ?? sign)
}

function deliveryOf(answer: Answer): Delivery {
  if (answer.status === null)
    return { status: 'later', why: answer.why, uncertain: answer.uncertain, partsDone: 0 }
  const { status, retryAfterMs } = answer
  if (status >= 200 && status < 300) return { status: 'delivered' }
  const why = `HTTP ${status}`
  const refusal = refusalOf(status)
  if (refusal !== undefined) return { status: 'refused', why, refusal }
  const afterMs = retryAfterMs === null ? {} : { afterMs: retryAfterMs }
  return { status: 'later', why, uncertain: false, partsDone: 0, ...afterMs }
}

/** Returns why the server refuses the message permanently, or undefined if a retry may succeed. */
function refusalOf(status: number): DeliveryRejection | undefined {
  if (status === 401 || status === 403 || status === 407) return 'authorization'
  if (status === 404 || status === 405 || status === 410 || (status >= 300 && status < 400)) return 'address'
  return status === 400 || status === 413 || status === 415 || status === 422 ? 'message' : undefined
}
