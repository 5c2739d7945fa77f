import type { ControlSettings } from '../../control/control-settings.ts'
import type { Config } from '../../config/config.ts'
import { durationMs } from '../../core/time/duration.ts'
import { backupFolder } from './project.ts'
import { sizeBytes } from '../../core/text/size.ts'
import type { JobLimits } from '../../model/job/job-limits.ts'
import type { Project } from './project.ts'
import { traceOrder, tracesLimitBytes } from './trace-settings.ts'

const BYTES_A_MEGABYTE = 1024 * 1024

/** What a scheduler takes over of a project's configuration while it runs. Thrown with code `config-invalid` when a secret is missing. */
export function controlSettings(project: Project): ControlSettings {
  const { config } = project.resolved
  return {
    slots: config.workers,
    warm: config.warm,
    recycle: { jobs: config.recycleJobs, bytes: config.recycleMegabytes * BYTES_A_MEGABYTE },
    drainForMs: durationMs(config.drainFor),
    keepForMs: durationMs(config.keepFor),
    trace: traceOrder(config),
    tracesLimitBytes: tracesLimitBytes(config),
    keepLogsMs: durationMs(config.keepLogs),
    logsLimitBytes: config.logsMegabytes * BYTES_A_MEGABYTE,
    keepJobsMs: durationMs(config.keepJobs),
    backupFolder: backupFolder(project),
    keepBackups: config.keepBackups,
    proxyRotation: config.proxyRotation,
    proxyWorkers: config.proxyWorkers,
    domainWorkers: config.domainWorkers,
    notify: project.notify(),
    secrets: project.secrets(),
    environment: project.variables,
    wanted: config.services,
    schedules: config.schedules,
  }
}

/** Returns what a job may take of the machine, as the configuration says. */
export function jobLimits({
  maxMemory,
  maxProfile,
  maxOutput,
}: Pick<Config, 'maxMemory' | 'maxProfile' | 'maxOutput'>): JobLimits {
  return {
    memoryBytes: sizeBytes(maxMemory),
    profileBytes: sizeBytes(maxProfile),
    outputBytes: sizeBytes(maxOutput),
  }
}
