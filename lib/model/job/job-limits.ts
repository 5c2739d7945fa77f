import { z } from 'zod'

const bytes = z.number().int().positive()

/** Limits on what one job may use of the machine, in bytes. */
export const JobLimits = z.object({
  /** Memory of the job's worker and of all processes of its browser. */
  memoryBytes: bytes,
  /** Disk space of the browser's profile: data of pages, and the browser's cache. */
  profileBytes: bytes,
  /**
   * Output of the browser, and of the worker. If there is more, the middle of the log is omitted.
   */
  outputBytes: bytes,
})
export type JobLimits = z.infer<typeof JobLimits>

const BYTES_A_MEGABYTE = 1024 ** 2

/** Limits in the default settings. */
export const DEFAULT_JOB_LIMITS: JobLimits = {
  memoryBytes: 4096 * BYTES_A_MEGABYTE,
  profileBytes: 2048 * BYTES_A_MEGABYTE,
  outputBytes: 10 * BYTES_A_MEGABYTE,
}
