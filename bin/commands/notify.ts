import { basename, join } from 'node:path'
import { systemClock } from '../../lib/core/clock.ts'
import { AutomateError } from '../../lib/core/errors.ts'
import { newId } from '../../lib/core/ids.ts'
import { redactorOf } from '../../lib/core/redact.ts'
import type { Delivery } from '../../lib/domain/message.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { translatorFor } from '../../lib/locales/translator.ts'
import { channelsOf } from '../../lib/notify/channels.ts'
import type { Channel } from '../../lib/notify/channel.ts'
import { channelWords } from '../../screens/service-words.ts'
import { troubleLines } from '../channel-trouble.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { localTime, printResult, table } from '../output.ts'
import { languageOf, openProject, wordsOf } from '../project.ts'
import type { Project, ProjectFlags } from '../project.ts'
import { withStore } from '../with-store.ts'

/** Rings the terminal that the test is seen in. */
const BELL = '\u0007'

/** Lists the channels of the project: what went out, what waits, and what was refused with its remedy. */
export async function listChannels(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags)
  const words = wordsOf(project)
  const known = await withStore(project, store => store.call('messages.overview', {}))
  const rows = channelsOfProject(project).map(({ name }) => {
    const nothing = { waiting: 0, parked: 0, sent: 0, lastSentAt: null, why: null, refusal: null }
    return known.find(({ channel }) => channel === name) ?? { channel: name, ...nothing }
  })
  printResult(rows, json, list =>
    list.length === 0
      ? words.notify.none
      : [
          table(
            Object.values(words.notify.columns),
            list.map(one => [
              channelWords(one.channel, words.notify),
              one.sent,
              one.waiting,
              one.parked,
              localTime(one.lastSentAt),
            ]),
          ),
          ...list.flatMap(one => troubleLines(one, words)),
        ].join('\n'),
  )
  return EXIT.done
}

/**
 * Sends one message on each channel, or on one, past the queue. Ends with 2 when one was refused, since the configuration has to change, and with 4 when one could not be
 * reached.
 */
export async function testChannels(
  flags: ProjectFlags,
  wanted: string | undefined,
  json: boolean,
): Promise<ExitCode> {
  const project = await openProject(flags)
  const { notify } = wordsOf(project)
  const channels = channelsOfProject(project)
  if (channels.length === 0) throw new AutomateError('config-invalid', notify.none)
  const chosen = channels.filter(({ name }) => wanted === undefined || name === wanted)
  if (chosen.length === 0) {
    throw new AutomateError(
      'usage',
      `"notify" has no channel "${wanted ?? ''}"; it has ${channels.map(({ name }) => name).join(', ')}.`,
    )
  }
  const rows = await Promise.all(
    chosen.map(async channel => ({ channel: channel.name, ...(await sendTest(channel)) })),
  )
  if (rows.some(({ channel }) => channel === 'bell') && process.stderr.isTTY) process.stderr.write(BELL)
  printResult(rows, json, list =>
    table(
      Object.values(notify.testColumns),
      list.map(one => [channelWords(one.channel, notify), notify.result[one.status], whyOf(one, notify)]),
    ),
  )
  if (rows.some(({ status }) => status === 'refused')) return EXIT.wrongUsage
  return rows.every(({ status }) => status === 'delivered') ? EXIT.done : EXIT.environmentUnfit
}

function whyOf(delivery: Delivery, { remedy }: Catalogue['notify']): string {
  if (delivery.status === 'delivered') return ''
  return delivery.status === 'later' ? delivery.why : `${delivery.why}. ${remedy[delivery.refusal]}`
}

function sendTest(channel: Channel): Promise<Delivery> {
  const at = systemClock.now()
  return channel.send(
    { id: newId(at), notice: { kind: 'test', at }, queuedAt: at, partsDone: 0, uncertain: false },
    new AbortController().signal,
  )
}

function channelsOfProject(project: Project): Channel[] {
  const { root } = project.paths
  return channelsOf({
    settings: project.notify(),
    wording: {
      t: translatorFor(languageOf(project)),
      project: basename(root),
      redact: redactorOf(project.secrets()),
    },
    clock: systemClock,
    pictureAt: path => join(root, path),
  })
}
