import type { ChannelHealth } from '../../model/notify/outbox-message.ts'
import { deliveryWords } from './delivery-words.ts'
import type { Catalogue } from '../en.ts'
import { channelWords } from './service-words.ts'

/**
 * Returns the lines about the problems of a channel: refused messages with the remedy, and waiting
 * messages with the reason. Empty if there is no problem.
 */
export function troubleLines(
  { channel, waiting, parked, why, refusal }: ChannelHealth,
  { notify }: Catalogue,
): string[] {
  const name = channelWords(channel, notify)
  const said = why === null ? '' : deliveryWords(why, notify)
  if (refusal !== null) return [notify.refused(name, notify.parked(parked), said, notify.remedy[refusal])]
  return waiting > 0 && why !== null ? [notify.waits(name, notify.waiting(waiting), said)] : []
}
