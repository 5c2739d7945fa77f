import { AutomateError } from '../../lib/core/errors/errors.ts'
import type { Delivery } from '../../lib/model/notify/outbox-message.ts'
import { deliveryWords } from '../../lib/locales/format/delivery-words.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { channelWords } from '../../lib/locales/format/service-words.ts'
import { troubleLines } from '../../lib/locales/format/channel-trouble.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { localTime, printResult, table } from '../output/output.ts'
import { openProject, wordsOf } from '../../lib/app/project/project.ts'
import type { ProjectFlags } from '../../lib/app/project/project.ts'
import { channelHealth, channelsOfProject, sendTest } from '../../lib/app/project/project-channels.ts'
import { readStore } from '../../lib/app/project/with-store.ts'

/**
 * Maximum width of the last column, which has the reason of a failure and its remedy, in
 * characters.
 */
const LONGEST_REASON = 500

/** Character that rings the bell of the terminal on which the test is made. */
const BELL = '\u0007'

/**
 * Lists the channels of the project, with their sent, waiting and refused messages, and the remedy
 * for refusals.
 */
export async function listChannels(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags, { readOnly: true })
  const words = wordsOf(project)
  const rows = await readStore(project, store => channelHealth(project, store))
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
 * Sends a test message directly, without the queue, on all channels or on the channel `wanted`.
 * Returns exit code 2 if a channel refuses the message, because the configuration must be changed,
 * and 4 if a channel cannot be reached.
 */
export async function testChannels(
  flags: ProjectFlags,
  wanted: string | undefined,
  json: boolean,
): Promise<ExitCode> {
  const project = await openProject(flags, { readOnly: true })
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
      LONGEST_REASON,
    ),
  )
  if (rows.some(({ status }) => status === 'refused')) return EXIT.wrongUsage
  return rows.every(({ status }) => status === 'delivered') ? EXIT.done : EXIT.environmentUnfit
}

function whyOf(delivery: Delivery, notify: Catalogue['notify']): string {
  if (delivery.status === 'delivered') return ''
  const why = deliveryWords(delivery.why, notify)
  return delivery.status === 'later' ? why : `${why}. ${notify.remedy[delivery.refusal]}`
}
