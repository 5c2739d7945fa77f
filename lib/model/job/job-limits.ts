import { z } from 'zod'

const bytes = z.number().int().positive()

/** Most bytes that one job may use of the machine. */
export const JobLimits = z.object({
  /** Memory of its worker and of its browser's processes. */
  memoryBytes: bytes,
  /** Disk space of its browser's profile: data of pages and the browser's cache. */
  profileBytes: bytes,
  /** Output of its browser or its worker. Beyond the limit the middle of the log is omitted. */
  outputBytes: bytes,
})
export type JobLimits = z.infer<typeof JobLimits>

const BYTES_A_MEGABYTE = 1024 ** 2

/** Limits of the default settings. */
export const DEFAULT_JOB_LIMITS: JobLimits = {
  memoryBytes: 4096 * BYTES_A_MEGABYTE,
  profileBytes: 2048 * BYTES_A_MEGABYTE,
  outputBytes: 10 * BYTES_A_MEGABYTE,
}
