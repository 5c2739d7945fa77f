import type { ControlSettings } from '../../control/control-settings.ts'
import type { Config } from '../../config/config.ts'
import { durationMs } from '../../core/time/duration.ts'
import { backupFolder } from './project.ts'
import type { Project } from './project.ts'
import { sizeBytes } from '../../core/text/size.ts'
import type { JobLimits } from '../../model/job/job-limits.ts'
import type { TraceSettings } from '../../model/trace/trace-settings.ts'

/**
 * Returns the project's settings that a running scheduler can apply without a restart.
 * @throws `config-invalid` if a secret is missing.
 */
export function controlSettings(project: Project): ControlSettings {
  const { config } = project.resolved
  return {
    slots: config.workers,
    warm: config.warmWorkers,
    recycle: { jobs: config.recycleJobs, bytes: sizeBytes(config.recycleAt) },
    drainForMs: durationMs(config.drainTimeout),
    keepForMs: durationMs(config.keepBrowserFor),
    trace: traceOrder(config),
    tracesLimitBytes: sizeBytes(config.maxTraces),
    keepLogsMs: durationMs(config.keepLogs),
    logsLimitBytes: sizeBytes(config.maxLogs),
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

/** Returns the configured limits on a job's use of the machine, such as its memory. */
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

/** Returns the configured trace settings of a worker, with the size limit in bytes. */
export function traceOrder({ trace, maxTrace }: Pick<Config, 'trace' | 'maxTrace'>): TraceSettings {
  return { keep: trace, limitBytes: sizeBytes(maxTrace) }
}
