import { durationText } from '../core/time/duration.ts'
import { mapJson, replaceCredentials } from '../core/text/redact.ts'
import { redactJsonText } from '../core/secrets/known-secrets.ts'
import { showHours } from '../model/schedule/time-window.ts'
import { parseProxy } from '../model/proxy/proxy-address.ts'
import type { ScheduleSpec } from '../model/schedule/schedule.ts'
import type { Config, Setting } from './config.ts'

const HIDDEN = '•••'

/**
 * Returns a setting's value for display, in the form in which people write it: JSON with the secret
 * parts hidden. Of a schedule's input, only the field names are shown, because only the schema of
 * its workflow marks passwords. Known secrets and passwords in addresses are hidden in every text,
 * because any setting, such as an argument of the browser, can contain them.
 */
export function publicValue(config: Config, setting: Setting): unknown {
  const text = redactJsonText(JSON.stringify(writtenValue(config, setting)))
  const value: unknown = JSON.parse(replaceCredentials(text, `${HIDDEN}@`))
  return value
}

function writtenValue(config: Config, setting: Setting): unknown {
  if (setting === 'credentials') {
    return config.credentials.map(({ password, ...rest }) =>
      password === undefined ? rest : { ...rest, password: HIDDEN },
    )
  }
  if (setting === 'notify') return publicNotify(config.notify)
  if (setting === 'schedules') return config.schedules.map(writtenSchedule)
  if (setting === 'domainWorkers')
    return config.domainWorkers.map(({ domain, workers }) => `${domain}=${workers}`)
  if (setting !== 'proxies') return config[setting]
  const { proxies } = config
  if (proxies.from === 'file') return proxies.file
  if (proxies.from === 'function') return 'function'
  return proxies.list.map(entry => {
    const proxy = parseProxy(entry)
    if ('problem' in proxy) return HIDDEN
    return proxy.login === null ? proxy.server : proxy.server.replace('://', `://${HIDDEN}@`)
  })
}

/**
 * Returns the notification settings, with only the host of a webhook's address, because the address
 * is as secret as a password.
 */
function publicNotify({ telegram, webhook, heartbeat, quietHours, ...rest }: Config['notify']): unknown {
  return {
    ...rest,
    ...(quietHours === undefined ? {} : { quietHours: showHours(quietHours) }),
    ...(telegram === undefined ? {} : { telegram: hide(telegram, ['token']) }),
    ...(webhook === undefined
      ? {}
      : {
          webhook: {
            ...webhook,
            ...publicUrl(webhook),
            headers: hide(webhook.headers, Object.keys(webhook.headers)),
          },
        }),
    ...(heartbeat === undefined ? {} : { heartbeat: { ...heartbeat, ...publicUrl(heartbeat) } }),
  }
}

function publicUrl({ url }: { readonly url?: string | undefined }): { url?: string } {
  return url === undefined ? {} : { url: `${new URL(url).origin}/${HIDDEN}` }
}

function hide(values: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, names.includes(name) ? HIDDEN : value]),
  )
}

function writtenSchedule(schedule: ScheduleSpec): unknown {
  const { name, workflow, timing, timeZone, activeHours, jitterMs, catchUpMs, workers, input, ...rest } =
    schedule
  return {
    ...{ name, workflow },
    ...(timing.kind === 'cron' ? { cron: timing.expression } : { every: durationText(timing.ms) }),
    ...(timeZone === null ? {} : { timeZone }),
    ...(activeHours === null ? {} : { activeHours: showHours(activeHours) }),
    ...(jitterMs === 0 ? {} : { jitter: durationText(jitterMs) }),
    catchUp: catchUpMs === 0 ? 0 : durationText(catchUpMs),
    ...(workers === null ? {} : { workers }),
    ...rest,
    input:
      typeof input === 'object'
        ? mapJson(
            input,
            name => name,
            () => HIDDEN,
          )
        : HIDDEN,
  }
}
