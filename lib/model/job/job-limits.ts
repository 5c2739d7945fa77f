import { z } from 'zod'

const bytes = z.number().int().positive()

/** Most bytes that one job may take of the machine. */
export const JobLimits = z.object({
  /** Memory of its worker and of the processes of its browser. */
  memoryBytes: bytes,
  /** Disk space of its browser's profile: what pages store, and the browser's cache. */
  profileBytes: bytes,
  /** What its browser, or its worker, prints: beyond that the middle of the log is left out. */
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
