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
 * `auto`: Chrome has its sandbox, except for root on Linux and with `--no-sandbox`. `required`: no
 * browser starts without its sandbox.
 */
export const SANDBOX_MODES = ['auto', 'required'] as const

/** Most simultaneous workers on one machine. */
export const MAX_SLOTS = MAX_WORKERS_A_JOB

const text = (fallback: string) => z.string('must be a text').default(fallback)

/**
 * Returns a schema of a number, written with digits in the environment. Values that JavaScript
 * would only convert to a number (true, null, an empty list) are refused.
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

/** A list, written with commas in the environment. */
const list = z
  .union([z.array(z.string()), z.string().transform(value => value.split(',').map(item => item.trim()))], {
    error: 'must be a list of texts',
  })
  .pipe(z.array(z.string().min(1, 'must not hold an empty text')))

const flag = z.union(
  [z.boolean(), z.enum(['true', 'false', '1', '0']).transform(value => value === 'true' || value === '1')],
  { error: 'must be true or false' },
)

const WARM_RANGE = `must be 0 to ${MAX_SLOTS}`

const DURATION = 'must be a duration such as "20s"'
const duration = z.union([z.number(), z.string()], { error: DURATION }).refine(isDuration, DURATION)

const SIZE = 'must be a size such as "50MB"'
const size = z.string(SIZE).refine(isSize, SIZE)

/** Returns a schema of a size from `least` to `most`, inclusive. */
const sizeBetween = (least: string, most?: string) =>
  size.refine(
    value => !isSize(value) || isWithin(sizeBytes(value), sizeBytes(least), most),
    most === undefined ? `must be ${least} or more` : `must be ${least} to ${most}`,
  )

const isWithin = (bytes: number, leastBytes: number, most: string | undefined) =>
  bytes >= leastBytes && (most === undefined || bytes <= sizeBytes(most))

/**
 * All settings. Values from the environment are text and are parsed the same way as those of the
 * file. `describe` is the description in `automate-tui config`.
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
    .describe('Most workers at once.'),
  drainTimeout: duration
    .default('5m')
    .describe(
      'How long jobs that run may take to end when the program is asked to stop; then they are interrupted.',
    ),
  hungAfter: duration
    .default('2m')
    .describe(
      'After how long a scheduler without screens that hangs is ended, so that its service starts it again.',
    ),
  warmWorkers: number(z.number().int('must be a whole number').min(0, WARM_RANGE).max(MAX_SLOTS, WARM_RANGE))
    .default(1)
    .describe('Workers started ahead of need, with their browser; 0 for none.'),
  recycleJobs: number(z.number().int('must be a whole number').min(1, 'must be 1 or more'))
    .default(500)
    .describe('After how many jobs a worker that is kept is replaced.'),
  recycleAt: sizeBetween('1MB')
    .default('1GB')
    .describe('At how much memory of its process and its browser a worker that is kept is replaced.'),
  maxMemory: size
    .default('4GB')
    .describe(
      'Most memory that a worker and its browser may hold while a job runs; beyond that the job fails.',
    ),
  maxProfile: size
    .default('2GB')
    .describe(
      'Most disk space that the profile and the crash dumps of a browser may take while a job runs; beyond that the job fails.',
    ),
  maxOutput: size
    .default('10MB')
    .describe('Most that is kept of what one browser or one worker prints: its first and its last part.'),
  workflows: list.default(['workflows']).describe('Folders of workflow modules, relative to the project.'),
  loadTimeout: duration.default('20s').describe('How long one workflow module may take to load.'),
  browser: text('').describe('The browser to start; empty to find one.'),
  browserArgs: list.default([]).describe('More arguments for the browser.'),
  sandbox: z
    .enum(SANDBOX_MODES, `must be ${SANDBOX_MODES.join(' or ')}`)
    .default('auto')
    .describe('auto, or required to start no browser without its sandbox (root has none).'),
  headless: flag.default(true).describe('Whether browsers run without a window.'),
  cdp: z
    .enum(CDP_TRANSPORTS, `must be ${CDP_TRANSPORTS.join(' or ')}`)
    .default('pipe')
    .describe('pipe, or port to let DevTools attach to the browsers.'),
  keepBrowserFor: duration
    .default('10m')
    .describe('How long the browser of a failure that asks for it stays open to be looked at.'),
  trace: z
    .enum(TRACE_KEPT, `must be ${TRACE_KEPT.join(', ')}`)
    .default('on-failure')
    .describe('Which traces of workers are kept.'),
  // A smaller trace has no room for pictures, and no viewer opens a larger one well.
  maxTrace: sizeBetween('1MB', '1GB')
    .default('50MB')
    .describe('Most that the trace of one worker may take; beyond that it is thinned out.'),
  maxTraces: sizeBetween('1MB')
    .default('2GB')
    .describe('Most that all traces together may take; beyond that the oldest are removed.'),
  keepLogs: duration.default('30d').describe('How long logs, pictures, traces and reports are kept.'),
  maxLogs: sizeBetween('1MB')
    .default('10GB')
    .describe(
      'Most that all logs together may take; beyond that the oldest days go, then the oldest files of jobs that have ended.',
    ),
  keepJobs: duration
    .default('90d')
    .describe('How long jobs that have ended are kept, with their crash reports and messages.'),
  backupFolder: text('data/backups').describe(
    'Folder of the daily backups of the database, relative to the project; on another disk they survive this one.',
  ),
  keepBackups: number(z.number().int('must be a whole number').min(0, 'must be 0 or more'))
    .default(7)
    .describe('How many daily backups of the database are kept; 0 makes none.'),
  proxies: ProxySetting.default({ from: 'list', list: [] }).describe(
    'Proxies that browsers go out through: addresses, a file of them, or a function.',
  ),
  proxyRotation: z
    .enum(PROXY_ROTATIONS, `must be ${PROXY_ROTATIONS.join(', ')}`)
    .default('round-robin')
    .describe('Which proxy comes next.'),
  proxyWorkers: number(z.number().int('must be a whole number').min(0, 'must be 0 or more'))
    .default(0)
    .describe('Most workers at once on each proxy; 0 for as many as there are.'),
  domainWorkers: DomainWorkersSetting.default([]).describe(
    'Most workers at once on each domain, such as "shop.example=2"; "*=4" for every other one.',
  ),
  credentials: CredentialsSetting.default([]).describe(
    'User names and passwords of sites (HTTP authentication).',
  ),
  notify: NotifySetting.prefault({}).describe(
    'Whom to tell of failures: Telegram, a webhook, the bell; quiet hours, a heartbeat.',
  ),
  schedules: SchedulesSetting.default([]).describe('Jobs that are queued again and again.'),
  services: ServicesSetting.default({}).describe(
    'What is wanted of services until an operator says otherwise.',
  ),
  secrets: list
    .default([])
    .describe('Variables of the environment whose values never leave in a message, report or bundle.'),
  language: z
    .enum([...LANGUAGES, ''], `must be ${LANGUAGES.join(' or ')}`)
    .default('')
    .describe('Language of the console; empty to follow the environment.'),
})
export type Config = z.infer<typeof Config>

export const SETTINGS = Config.keyof().options
export type Setting = (typeof SETTINGS)[number]

/** Prefix of settings in the environment. */
export const ENVIRONMENT_PREFIX = 'AUTOMATE_'

/** Returns the environment name of a setting: `browserArgs` → `AUTOMATE_BROWSER_ARGS`. */
export function environmentName(setting: string): string {
  return `${ENVIRONMENT_PREFIX}${setting.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`
}
