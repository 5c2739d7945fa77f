import { basename } from 'node:path'
import { systemClock } from '../../core/time/clock.ts'
import { newId } from '../../core/ids.ts'
import { redactKnown } from '../../core/text/redact.ts'
import type { ChannelHealth, Delivery } from '../../model/notify/outbox-message.ts'
import { readPicture } from '../../files/read-artefact.ts'
import { translatorFor } from '../../locales/translator.ts'
import type { Channel } from '../../notify/channel.ts'
import { channelsOf } from '../../notify/channels.ts'
import { messageLanguageOf } from './project.ts'
import type { Project } from './project.ts'
import type { StoreCalls } from './with-store.ts'

/**
 * Returns the project's notification channels.
 * @throws `config-invalid` if a secret of a channel is missing.
 */
export function channelsOfProject(project: Project): Channel[] {
  const { root } = project.paths
  return channelsOf({
    settings: project.notify(),
    wording: {
      t: translatorFor(messageLanguageOf(project)),
      project: basename(root),
      redact: redactKnown,
    },
    clock: systemClock,
    pictureAt: path => readPicture(root, path),
  })
}

/**
 * Returns the health of each of the project's channels. The counts of a channel that has had no
 * messages are zero.
 * @throws the errors of `channelsOfProject`.
 */
export async function channelHealth(project: Project, store: StoreCalls): Promise<ChannelHealth[]> {
  const known = await store.call('messages.overview', {})
  return channelsOfProject(project).map(({ name }) => {
    const nothing = { waiting: 0, parked: 0, sent: 0, lastSentAt: null, why: null, refusal: null }
    return known.find(({ channel }) => channel === name) ?? { channel: name, ...nothing }
  })
}

/** Sends one test message directly to a channel, without the queue. */
export function sendTest(channel: Channel): Promise<Delivery> {
  const at = systemClock.now()
  return channel.send(
    { id: newId(at), notice: { kind: 'test', at }, queuedAt: at, partsDone: 0, uncertain: false },
    new AbortController().signal,
  )
}
