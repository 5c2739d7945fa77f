import { z } from 'zod'

/** What one run is asked to do. The same for every competitor of a topic. */
export const BenchOptions = z.object({
  /** Jobs of a run, and how many of them at a time. */
  jobs: z.int().positive(),
  concurrency: z.int().positive(),
  /** Client processes that share one store, and the transactions of each. */
  clients: z.int().positive(),
  increments: z.int().positive(),
  /** How often a start or a stop is timed, one after another. */
  starts: z.int().positive(),
  /** The address of the page server, without a slash at its end. */
  pagesUrl: z.url(),
  /** The browser's program; empty when none was found, and then no topic that needs one runs. */
  browserPath: z.string(),
  /** An empty folder on a real disk, for this run alone; removed after it. */
  scratch: z.string(),
})
export type BenchOptions = z.infer<typeof BenchOptions>

/** What a run says of itself. CPU time and memory are measured from outside. */
export const Measurement = z.object({
  /** Jobs, transactions or starts that were really done. */
  units: z.int().positive(),
  /**
   * From the first thing that the work needs (a browser, a connection) to the last thing closed.
   */
  wallMs: z.number().positive(),
  /** The time of each unit, for a topic that is about latency; otherwise empty. */
  samplesMs: z.array(z.number()),
})
export type Measurement = z.infer<typeof Measurement>

/**
 * One way to do the topic's work. `run` is called once in a process of its own. It throws an
 * AutomateError with code `environment-unfit` where this machine cannot run it, which only leaves
 * it out.
 */
export interface Competitor {
  readonly name: string
  /**
   * True for a competitor which spawns a whole program: the process that calls `run` is then left
   * out of CPU and memory.
   */
  readonly spawnsProgram?: true
  run(options: BenchOptions): Promise<Measurement>
}

/** One question, with everybody who answers it. */
export interface Topic {
  readonly name: string
  readonly title: string
  /** `rate`: units a second. `latency`: the median of the samples, in milliseconds. */
  readonly figure: 'rate' | 'latency'
  readonly unit: string
  readonly needsBrowser: boolean
  /**
   * True when each unit opens at least one page of the page server, which is checked by its own
   * count.
   */
  readonly opensPages: boolean
  /**
   * False where a run also does much that is not the unit itself (it fills a database, starts
   * workers), so that its CPU time says nothing.
   */
  readonly countsCpu: boolean
  /** The competitor that the ratios refer to unless a flag names another. */
  readonly baseline: string
  readonly competitors: readonly Competitor[]
}
