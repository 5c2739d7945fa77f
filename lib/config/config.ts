import { z } from 'zod'
import { isDuration } from '../core/time/duration.ts'
import { isSize, sizeBytes } from '../core/text/size.ts'
import { CDP_TRANSPORTS } from '../model/worker/documents.ts'
import { TRACE_KEPT } from '../model/trace/trace-settings.ts'
import { PROXY_ROTATIONS } from '../model/proxy/proxy.ts'
import { MAX_WORKERS_A_JOB } from '../model/job/workflow.ts'
import { DomainWorkersSetting } from './settings/domain-workers-setting.ts'
import { CredentialsSetting } from './settings/credentials-setting.ts'
import { NotifySetting } from './settings/notify-setting.ts'
import { SchedulesSetting } from './settings/schedules-setting.ts'
import { ServicesSetting } from './settings/services-setting.ts'
import { ProxySetting } from './settings/proxy-setting.ts'

export const LANGUAGES = ['en', 'it'] as const

/**
 * Values of the setting `sandbox`. `auto`: Chrome runs with its sandbox, except for root on Linux
 * and with `--no-sandbox`. `required`: no browser is started without its sandbox.
 */
export const SANDBOX_MODES = ['auto', 'required'] as const

/** Maximum number of workers that run at the same time on one machine. */
export const MAX_SLOTS = MAX_WORKERS_A_JOB

const text = (fallback: string) => z.string('must be a string').default(fallback)

/**
 * Returns a schema of a number. In the environment, the number is written with digits. Values that
 * JavaScript would also convert to a number (true, null, an empty list) are refused.
 */
const number = (schema: z.ZodNumber) =>
  z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^\s*[-+]?\d+(\.\d+)?\s*$/)
          .transform(Number),
      ],
      { error: 'must be a number' },
    )
    .pipe(schema)

/** Schema of a list of texts. In the environment, the list is one text with commas. */
const list = z
  .union([z.array(z.string()), z.string().transform(value => value.split(',').map(item => item.trim()))], {
    error: 'must be a list of strings',
  })
  .pipe(z.array(z.string().min(1, 'must not contain an empty string')))

const flag = z.union(
  [z.boolean(), z.enum(['true', 'false', '1', '0']).transform(value => value === 'true' || value === '1')],
  { error: 'must be true or false' },
)

const WARM_RANGE = `must be 0 to ${MAX_SLOTS}`

const DURATION = 'must be a duration such as "20s"'
const duration = z.union([z.number(), z.string()], { error: DURATION }).refine(isDuration, DURATION)

const SIZE = 'must be a size such as "50MB"'
const size = z.string(SIZE).refine(isSize, SIZE)

/** Returns a schema of a size between `least` and `most`, both inclusive. */
const sizeBetween = (least: string, most?: string) =>
  size.refine(
    value => !isSize(value) || isWithin(sizeBytes(value), sizeBytes(least), most),
    most === undefined ? `must be ${least} or more` : `must be ${least} to ${most}`,
  )

const isWithin = (bytes: number, leastBytes: number, most: string | undefined) =>
  bytes >= leastBytes && (most === undefined || bytes <= sizeBytes(most))

/**
 * Schema of all settings. Values from the environment are texts and are parsed with the same schema
 * as those of the file. `describe` sets the description in `automate-tui config`.
 */
export const Config = z.object({
  workers: number(
    z
      .number()
      .int('must be a whole number')
      .min(1, `must be 1 to ${MAX_SLOTS}`)
      .max(MAX_SLOTS, `must be 1 to ${MAX_SLOTS}`),
  )
    .default(4)
    .describe('Maximum number of workers at once.'),
  drainTimeout: duration
    .default('5m')
    .describe('How long running jobs may take to end after a request to stop; then they are interrupted.'),
  hungAfter: duration
    .default('2m')
    .describe(
      'How long a scheduler without screens may hang before it is ended, so that its service restarts it.',
    ),
  warmWorkers: number(z.number().int('must be a whole number').min(0, WARM_RANGE).max(MAX_SLOTS, WARM_RANGE))
    .default(1)
    .describe('Number of workers that start ahead of need, with their browser; 0 for none.'),
  recycleJobs: number(z.number().int('must be a whole number').min(1, 'must be 1 or more'))
    .default(500)
    .describe('Number of jobs after which a reused worker is replaced.'),
  recycleAt: sizeBetween('1MB')
    .default('1GB')
    .describe('Memory of its process and browser at which a reused worker is replaced.'),
  maxMemory: size
    .default('4GB')
    .describe('Maximum memory of a worker and its browser while a job runs; above it, the job fails.'),
  maxProfile: size
    .default('2GB')
    .describe(
      'Maximum disk space of the profile and crash dumps of a browser while a job runs; above it, the job fails.',
    ),
  maxOutput: size
    .default('10MB')
    .describe(
      'Maximum size of the stored output of one browser or worker; the middle of a longer output is dropped.',
    ),
  workflows: list.default(['workflows']).describe('Folders of workflow modules, relative to the project.'),
  loadTimeout: duration.default('20s').describe('How long one workflow module may take to load.'),
  browser: text('').describe('Path of the browser executable; empty to search for one.'),
  browserArgs: list.default([]).describe('Additional arguments for the browser.'),
  sandbox: z
    .enum(SANDBOX_MODES, `must be ${SANDBOX_MODES.join(' or ')}`)
    .default('auto')
    .describe('"auto", or "required" to start no browser without its sandbox (root has no sandbox).'),
  headless: flag.default(true).describe('Whether browsers run without a window.'),
  cdp: z
    .enum(CDP_TRANSPORTS, `must be ${CDP_TRANSPORTS.join(' or ')}`)
    .default('pipe')
    .describe('"pipe", or "port" so that DevTools can attach to the browsers.'),
  keepBrowserFor: duration
    .default('10m')
    .describe('How long a browser stays open after a failure whose recovery holds it open.'),
  trace: z
    .enum(TRACE_KEPT, `must be ${TRACE_KEPT.join(', ')}`)
    .default('on-failure')
    .describe('Which traces of workers are kept.'),
  // A smaller trace has no space for pictures, and no viewer opens a larger one well.
  maxTrace: sizeBetween('1MB', '1GB')
    .default('50MB')
    .describe('Maximum size of the trace of one worker; above it, older parts are thinned out.'),
  maxTraces: sizeBetween('1MB')
    .default('2GB')
    .describe('Maximum size of all traces together; above it, the oldest are removed.'),
  keepLogs: duration.default('30d').describe('How long logs, pictures, traces and reports are kept.'),
  maxLogs: sizeBetween('1MB')
    .default('10GB')
    .describe(
      'Maximum size of all logs together; above it, the oldest days are removed, then the oldest files of ended jobs.',
    ),
  keepJobs: duration
    .default('90d')
    .describe('How long ended jobs are kept, with their crash reports and messages.'),
  backupFolder: text('data/backups').describe(
    'Folder of the daily database backups, relative to the project; on another disk they survive the loss of this one.',
  ),
  keepBackups: number(z.number().int('must be a whole number').min(0, 'must be 0 or more'))
    .default(7)
    .describe('Number of daily database backups to keep; 0 for none.'),
  proxies: ProxySetting.default({ from: 'list', list: [] }).describe(
    'Proxies of the browsers: addresses, a file of addresses, or a function.',
  ),
  proxyRotation: z
    .enum(PROXY_ROTATIONS, `must be ${PROXY_ROTATIONS.join(', ')}`)
    .default('round-robin')
    .describe('How the next proxy is chosen.'),
  proxyWorkers: number(z.number().int('must be a whole number').min(0, 'must be 0 or more'))
    .default(0)
    .describe('Maximum number of workers at once on each proxy; 0 for no limit.'),
  domainWorkers: DomainWorkersSetting.default([]).describe(
    'Maximum number of workers at once on each domain, such as "shop.example=2"; "*=4" for every other domain.',
  ),
  credentials: CredentialsSetting.default([]).describe(
    'User names and passwords of sites (HTTP authentication).',
  ),
  notify: NotifySetting.prefault({}).describe(
    'Notification channels: Telegram, a webhook, the bell; quiet hours, a heartbeat.',
  ),
  schedules: SchedulesSetting.default([]).describe('Schedules, which queue jobs at set times.'),
  services: ServicesSetting.default({}).describe('Whether each service runs, until an operator changes it.'),
  secrets: list
    .default([])
    .describe('Environment variables whose values are removed from every message, report and bundle.'),
  language: z
    .enum([...LANGUAGES, ''], `must be ${LANGUAGES.join(' or ')}`)
    .default('')
    .describe('Language of the console; empty for that of the environment.'),
})
export type Config = z.infer<typeof Config>

export const SETTINGS = Config.keyof().options
export type Setting = (typeof SETTINGS)[number]

/** Prefix of the environment variables of settings. */
export const ENVIRONMENT_PREFIX = 'AUTOMATE_'

/**
 * Returns the name of a setting's environment variable: `browserArgs` → `AUTOMATE_BROWSER_ARGS`.
 */
export function environmentName(setting: string): string {
  return `${ENVIRONMENT_PREFIX}${setting.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`
}
