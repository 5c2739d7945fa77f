import { z } from 'zod'

/** Size of one run. It is the same for every competitor of a topic. */
export const BenchOptions = z.object({
  /** Number of jobs of a run. `concurrency` is the number of jobs at a time. */
  jobs: z.int().positive(),
  concurrency: z.int().positive(),
  /**
   * Number of client processes that share one store. `increments` is the number of transactions of
   * each.
   */
  clients: z.int().positive(),
  increments: z.int().positive(),
  /** Number of timed starts or stops, one after another. */
  starts: z.int().positive(),
  /** Address of the page server, without a slash at its end. */
  pagesUrl: z.url(),
  /** Path of the browser. If it is empty, topics that need a browser do not run. */
  browserPath: z.string(),
  /** Empty folder on a real disk for this run alone. It is removed after the run. */
  scratch: z.string(),
})
export type BenchOptions = z.infer<typeof BenchOptions>

/** Result that a run reports. CPU time and memory are measured from outside. */
export const Measurement = z.object({
  /** Number of jobs, transactions or starts that were really done. */
  units: z.int().positive(),
  /**
   * Time from the first resource of the work (a browser, a connection) to the close of the last
   * one.
   */
  wallMs: z.number().positive(),
  /** Time of each unit if the topic measures latency; otherwise empty. */
  samplesMs: z.array(z.number()),
})
export type Measurement = z.infer<typeof Measurement>

/**
 * One way to do the topic's work. `run` is called once in its own process. An AutomateError with
 * code `environment-unfit` excludes the competitor, because this machine cannot run it.
 */
export interface Competitor {
  readonly name: string
  /**
   * True if the competitor spawns a whole program. Then the process that calls `run` does not count
   * in CPU and memory.
   */
  readonly spawnsProgram?: true
  run(options: BenchOptions): Promise<Measurement>
}

/** One question, with all competitors. */
export interface Topic {
  readonly name: string
  readonly title: string
  /** `rate`: units a second. `latency`: the median of the samples, in milliseconds. */
  readonly figure: 'rate' | 'latency'
  readonly unit: string
  readonly needsBrowser: boolean
  /**
   * True if each unit opens at least one page of the page server. The server's own count checks
   * this.
   */
  readonly opensPages: boolean
  /**
   * False if a run does much besides the unit (fills a database, starts workers), so its CPU time
   * is meaningless.
   */
  readonly countsCpu: boolean
  /** Competitor that the ratios refer to unless a flag names another. */
  readonly baseline: string
  readonly competitors: readonly Competitor[]
}
