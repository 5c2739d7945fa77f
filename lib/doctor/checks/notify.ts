import { messageOf } from '../../core/errors/errors.ts'
import { sanitiseLine } from '../../core/text/sanitise.ts'
import type { NotifySettings } from '../../model/notify/notify-settings.ts'
import type { DeliveryRejection } from '../../model/notify/delivery-rejection.ts'
import { deliveryWords } from '../../locales/format/delivery-words.ts'
import { probeAddress, probeTelegram } from '../../notify/probe.ts'
import { ok, problem, warning } from '../check.ts'
import type { Check, DoctorWorld } from '../check.ts'

const LIMIT_MS = 5_000

interface Probed {
  readonly name: 'telegram' | 'webhook' | 'heartbeat'
  /** Reason why the channel is not reachable; null if it is. */
  readonly why: string | null
  readonly refusal?: DeliveryRejection
}

/** Checks that the notification channels can be reached, without sending a message. */
export const notifyCheck: Check = {
  id: 'notify',
  ofProject: true,
  async run({ words: { notify: words }, t, clock, project, configError }) {
    if (project === null || configError !== null) return warning(words.unknown, words.unknownRemedy)
    let settings
    try {
      settings = project.notify()
    } catch (error) {
      return problem(sanitiseLine(messageOf(error)), words.unknownRemedy, 'configuration')
    }
    const probed = settings === null ? [] : await probeAll(settings, clock)
    const named = (one: Probed) => words.channels[one.name]
    if (probed.length === 0) return ok(words.none)
    const explain = (why: string) => sanitiseLine(deliveryWords(why, t.words.notify))
    const bad = probed.flatMap(one => (one.why === null ? [] : [`${named(one)}: ${explain(one.why)}`]))
    if (bad.length === 0) return ok(words.good(probed.map(named).join(', ')))
    const refusal = probed.find(one => one.refusal !== undefined)?.refusal
    if (refusal !== undefined) return problem(bad.join('; '), t.words.notify.remedy[refusal], 'configuration')
    return warning(bad.join('; '), words.remedy)
  },
}

async function probeAll(
  { telegram, webhook, heartbeat }: NotifySettings,
  clock: DoctorWorld['clock'],
): Promise<Probed[]> {
  const probes: Promise<Probed>[] = []
  if (telegram !== null) {
    probes.push(
      probeTelegram(telegram, LIMIT_MS, clock).then(end => ({
        name: 'telegram',
        why: end.status === 'delivered' ? null : end.why,
        ...(end.status === 'refused' ? { refusal: end.refusal } : {}),
      })),
    )
  }
  for (const [name, url] of [
    ['webhook', webhook?.url],
    ['heartbeat', heartbeat?.url],
  ] as const) {
    if (url !== undefined) probes.push(probeAddress(url, LIMIT_MS).then(why => ({ name, why })))
  }
  return Promise.all(probes)
}
