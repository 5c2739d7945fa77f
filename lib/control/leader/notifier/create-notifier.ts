import { basename } from 'node:path'
import type { Clock } from '../../../core/time/clock.ts'
import { withTimeout } from '../../../core/time/timeout.ts'
import { AutomateError } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import { redactKnown } from '../../../core/text/redact.ts'
import { knownSecrets } from '../../../core/secrets/known-secrets.ts'
import type { WorkerSecrets } from '../../../model/worker/worker-secrets.ts'
import type { ChannelName } from '../../../model/failure/notified-marker.ts'
import type { NotifySettings } from '../../../model/notify/notify-settings.ts'
import type { Language } from '../../../locales/language.ts'
import { readPicture } from '../../../files/read-artefact.ts'
import { translatorFor } from '../../../locales/translator.ts'
import type { Channel } from '../../../notify/channel.ts'
import { channelsOf } from '../../../notify/channels.ts'
import { openStore } from '../../../store/open-store.ts'
import type { Store } from '../../../store/store.ts'
import { heartbeatService } from '../services/heartbeat-service.ts'
import type { Service } from '../../service.ts'
import { Notifier } from './notifier.ts'

/** Timeout of each part of the check that precedes a heartbeat. */
const CHECK_WAIT_MS = 10_000

export interface NotifierSetupDependencies {
  readonly store: Store
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly log: Log
  readonly notify: NotifySettings
  readonly language: Language
  /** Secret texts that no message may contain. */
  readonly secrets: readonly string[]
  /** Returns the reason why no job can start, or undefined if jobs can start. */
  readonly trouble: () => string | undefined
  /** Makes a write to the database. Resolves once `trouble` reflects its result. */
  readonly checkWrites: () => Promise<void>
}

/** The channels of a project and the services that use them. */
export interface NotifierSetup {
  readonly channels: readonly ChannelName[]
  /** The channels themselves, for notices that cannot be queued in the store. */
  readonly directly: readonly Channel[]
  readonly services: readonly Service[]
  /**
   * Settings and secrets with which a worker notifies people itself if the scheduler does not
   * respond.
   */
  readonly ofWorkers: Pick<WorkerSecrets, 'telling' | 'secrets'>
}

export function createNotifier({
  store,
  paths,
  clock,
  log,
  notify,
  language,
  secrets,
  trouble,
  checkWrites,
}: NotifierSetupDependencies): NotifierSetup {
  const project = basename(paths.root)
  knownSecrets.add(secrets)
  const channels = channelsOf({
    settings: notify,
    wording: { t: translatorFor(language), project, redact: redactKnown },
    clock,
    pictureAt: path => readPicture(paths.root, path),
  })
  const { quietHours, perMinute, heartbeat } = notify
  const notifier = new Notifier({
    store,
    clock,
    log,
    channels,
    quietHours,
    perMinute,
    project,
    random: Math.random,
  })
  // Connects as another process would. A scheduler that no command can reach is unhealthy.
  const check = async () => {
    // Jobs and schedules need writes. The read below does not show whether writes succeed, because
    // the database can serve it from its cache.
    await withTimeout(checkWrites(), CHECK_WAIT_MS, 'A write to the database', clock)
    const reason = trouble()
    if (reason !== undefined) throw new AutomateError('environment-unfit', reason)
    const client = await openStore({ paths, role: 'client', clock, waitMs: CHECK_WAIT_MS })
    try {
      await client.call('jobs.counts', {})
    } finally {
      await client.close()
    }
  }
  return {
    channels: channels.map(({ name }) => name),
    directly: channels,
    services: [
      notifierService(notifier),
      ...(heartbeat === null ? [] : [heartbeatService({ ...heartbeat, clock, check })]),
    ],
    ofWorkers: {
      secrets: [...secrets],
      ...(notify.telegram === null ? {} : { telling: { telegram: notify.telegram, language, project } }),
    },
  }
}

/**
 * Returns the service that notifies people of failures. If failures occur while the service is
 * stopped, people are notified of them at its next start.
 */
function notifierService(notifier: Notifier): Service {
  return {
    name: 'notifier',
    desiredAtFirst: 'running',
    essential: true,
    start: () => notifier.start(),
    stop: () => notifier.stop(),
    doing: () => notifier.doing(),
  }
}
