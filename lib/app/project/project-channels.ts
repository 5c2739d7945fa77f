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

/** The channels of a project. Thrown with code `config-invalid` when a secret of one is missing. */
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

/** How the channels of a project do; one that nothing went out on has zeros. Thrown as by `channelsOfProject`. */
export async function channelHealth(project: Project, store: StoreCalls): Promise<ChannelHealth[]> {
  const known = await store.call('messages.overview', {})
  return channelsOfProject(project).map(({ name }) => {
    const nothing = { waiting: 0, parked: 0, sent: 0, lastSentAt: null, why: null, refusal: null }
    return known.find(({ channel }) => channel === name) ?? { channel: name, ...nothing }
  })
}

/** Sends one test message past the queue. */
export function sendTest(channel: Channel): Promise<Delivery> {
  const at = systemClock.now()
  return channel.send(
    { id: newId(at), notice: { kind: 'test', at }, queuedAt: at, partsDone: 0, uncertain: false },
    new AbortController().signal,
  )
}
