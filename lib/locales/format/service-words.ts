import { localTime } from '../../core/time/local-time.ts'
import type { ServiceDoing, ServiceDocument } from '../../model/worker/documents.ts'
import { deliveryWords } from './delivery-words.ts'
import type { Catalogue } from '../en.ts'

/**
 * Returns the note of a service: its present work, else the reason of its failure; empty if there
 * is neither. `moment` formats an instant as a day with its time.
 */
export function serviceWords(
  { message, doing, restart }: Pick<ServiceDocument, 'message' | 'doing' | 'restart'>,
  words: Catalogue,
  moment: (at: number) => string = localTime,
): string {
  if (doing !== null) return doingWords(doing, words, moment)
  if (restart === undefined) return message
  const { failures, at } = restart
  const next = at === null ? words.doing.givenUp(failures) : words.doing.again(localTime(at).slice(TIME_AT))
  return `${message}; ${next}`
}

/**
 * Index at which the time begins in `2026-03-23 14:05:09`. The day is left out, because a restart
 * is soon.
 */
const TIME_AT = 11

function doingWords(
  doing: ServiceDoing,
  { doing: words, notify }: Catalogue,
  moment: (at: number) => string,
): string {
  switch (doing.what) {
    case 'swept':
      return words.swept(doing.count)
    case 'trouble':
      return words.trouble(doing.message)
    case 'job':
      return words.job(doing.id)
    case 'next-run':
      return words.nextRun(doing.schedule, moment(doing.at))
    case 'sent':
      return words.sent(doing.count)
    case 'retrying':
      return notify.waits(
        channelWords(doing.channel, notify),
        notify.waiting(doing.count),
        deliveryWords(doing.why, notify),
      )
    case 'rejected':
      return notify.refused(
        channelWords(doing.channel, notify),
        notify.parked(doing.count),
        doing.why,
        notify.remedy[doing.refusal],
      )
  }
}

/**
 * Returns the translated name of a channel, or the name in the configuration if there is no
 * translation.
 */
export function channelWords(channel: string, { channels }: Catalogue['notify']): string {
  const known: Readonly<Record<string, string>> = channels
  return known[channel] ?? channel
}
