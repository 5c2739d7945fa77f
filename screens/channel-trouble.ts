import type { ChannelHealth } from '../lib/domain/message.ts'
import type { Catalogue } from '../lib/locales/en.ts'
import { channelWords } from './service-words.ts'

/** What a person should know of a channel: what was refused and what to do, what waits and why. Nothing where all is well. */
export function troubleLines(
  { channel, waiting, parked, why, refusal }: ChannelHealth,
  { notify }: Catalogue,
): string[] {
  const name = channelWords(channel, notify)
  if (refusal !== null)
    return [notify.refused(name, notify.parked(parked), why ?? '', notify.remedy[refusal])]
  return waiting > 0 && why !== null ? [notify.waits(name, notify.waiting(waiting), why)] : []
}
