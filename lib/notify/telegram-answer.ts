import { z } from 'zod'
import { knownSecrets } from '../core/secrets/known-secrets.ts'
import type { Delivery } from '../model/notify/outbox-message.ts'
import type { DeliveryRejection } from '../model/notify/delivery-rejection.ts'
import type { Answer } from './http-request.ts'

/** Schema of a response of the Bot API: https://core.telegram.org/bots/api#making-requests */
const ApiAnswer = z.object({
  ok: z.boolean(),
  description: z.string().default(''),
  parameters: z
    .object({
      // If the wait is invalid, the rest of the response is still used.
      retry_after: z.int().nonnegative().optional().catch(undefined),
      migrate_to_chat_id: z.number().optional(),
    })
    .default({}),
})

const MS_A_SECOND = 1_000

/** Maximum length of an error text, because a gateway can return a whole page. */
const WORDS_LIMIT = 500

/**
 * Result of sending one part of a message. `rephrase`: the server could not parse the part's
 * markup. `no-photo`: the server could not use its picture. The part can then be sent again without
 * the markup or the picture.
 */
export type PartEnd =
  | Delivery
  | { readonly status: 'rephrase'; readonly why: string }
  | { readonly status: 'no-photo'; readonly why: string }

/**
 * Parses the Bot API's response to one part of a message. `photo` is true if the part was a
 * picture. If the response is invalid, the part is sent again later.
 */
export function partEnd(answer: Answer, partsDone: number, photo: boolean): PartEnd {
  if (answer.status === null) {
    return { status: 'later', why: answer.why, uncertain: answer.uncertain, partsDone }
  }
  const reply = parsed(answer.body)
  if (reply?.ok === true) return { status: 'delivered' }
  const why =
    reply === undefined
      ? `HTTP ${answer.status} without a readable response`
      : wordsOf(reply.description) || `HTTP ${answer.status}`
  const uncertain = reply === undefined && answer.status < 400
  if (answer.status === 429) {
    const saidMs =
      reply?.parameters.retry_after === undefined
        ? answer.retryAfterMs
        : reply.parameters.retry_after * MS_A_SECOND
    const afterMs = saidMs === null ? {} : { afterMs: saidMs }
    return { status: 'later', why, uncertain: false, partsDone, ...afterMs }
  }
  // An invalid response does not come from the Bot API, but from a captive portal or a gateway.
  if (reply === undefined || answer.status >= 500) return { status: 'later', why, uncertain, partsDone }
  if (answer.status === 413 || (photo && answer.status === 400 && !isChat(why)))
    return { status: 'no-photo', why }
  if (answer.status === 400 && /parse entities|can't parse/i.test(why)) return { status: 'rephrase', why }
  const moved = reply.parameters.migrate_to_chat_id
  return {
    status: 'refused',
    why: moved === undefined ? why : `${why} (its id is now ${moved})`,
    refusal: moved === undefined ? refusalOf(answer.status, why) : 'chat',
  }
}

/**
 * Returns the server's error text with known secrets redacted, because it is printed and stored. A
 * gateway may repeat the path of the request, which contains the token of the bot.
 */
const wordsOf = (description: string): string => knownSecrets.redact(description).slice(0, WORDS_LIMIT)

function refusalOf(status: number, why: string): DeliveryRejection {
  if (status === 401 || status === 404) return 'token'
  return status === 403 || isChat(why) ? 'chat' : 'message'
}

const isChat = (why: string): boolean => /chat|peer|user|group|bot was/i.test(why)

function parsed(body: string): z.infer<typeof ApiAnswer> | undefined {
  try {
    return ApiAnswer.safeParse(JSON.parse(body)).data
  } catch {
    return undefined
  }
}
