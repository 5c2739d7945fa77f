import type { Clock } from '../../core/clock.ts'
import { AutomateError } from '../../core/errors.ts'
import { sizeText } from '../../core/size.ts'
import type { JobLimits } from '../../domain/job-limits.ts'

/** A page allocates about a gigabyte a second at most; to measure takes a millisecond. */
const MEASURE_EVERY_MS = 1_000

/** A folder takes longer to measure than processes do: some ten milliseconds. */
const MEASUREMENTS_A_PROFILE = 3

export interface ResourceWatchOptions {
  readonly clock: Clock
  readonly limits: JobLimits
  /** Bytes of memory of the worker and its browser; undefined where the system does not report them. */
  readonly memory: () => Promise<number | undefined>
  /** Bytes of the browser's profile and crash dumps on disk; undefined without a browser. */
  readonly profile: () => Promise<number | undefined>
  /** Receives the failure of a job that has exceeded a limit. */
  readonly onExceeded: (error: AutomateError) => void
}

/** Watches how much memory and disk space a job takes while it runs. */
export class ResourceWatch {
  private readonly options: ResourceWatchOptions
  private measurements = 0
  /** Ends what runs; a measurement that is under way then counts no more. */
  private over = new AbortController()

  constructor(options: ResourceWatchOptions) {
    this.options = options
  }

  /** A job begins. */
  begin(): void {
    this.end()
    this.over = new AbortController()
    this.next(this.over.signal)
  }

  /** The job has ended. */
  end(): void {
    this.over.abort()
  }

  private next(over: AbortSignal): void {
    const forget = this.options.clock.after(MEASURE_EVERY_MS, () => void this.measure(over))
    over.addEventListener('abort', forget, { once: true })
  }

  private async measure(over: AbortSignal): Promise<void> {
    const { limits, memory, profile, onExceeded } = this.options
    const memoryBytes = (await memory()) ?? 0
    const profileBytes = this.measurements++ % MEASUREMENTS_A_PROFILE === 0 ? ((await profile()) ?? 0) : 0
    if (over.aborted) return
    if (memoryBytes > limits.memoryBytes) onExceeded(memoryExceeded(memoryBytes, limits.memoryBytes))
    else if (profileBytes > limits.profileBytes)
      onExceeded(profileExceeded(profileBytes, limits.profileBytes))
    else this.next(over)
  }
}

function memoryExceeded(bytes: number, limitBytes: number): AutomateError {
  return new AutomateError(
    'resource-limit',
    `The job exceeded its memory limit: its worker and its browser held ${sizeText(bytes)}, and ${sizeText(limitBytes)} is the most (maxMemory). ` +
      'The browser was ended. If the pages need so much, raise maxMemory in automate.config.ts; otherwise visit fewer pages in one job.',
    { facts: { resource: 'memory', bytes, limitBytes } },
  )
}

function profileExceeded(bytes: number, limitBytes: number): AutomateError {
  return new AutomateError(
    'resource-limit',
    `The job exceeded its disk limit: the profile and the crash dumps of its browser took ${sizeText(bytes)}, and ${sizeText(limitBytes)} is the most (maxProfile). ` +
      'The browser was ended. If the pages need to store so much, raise maxProfile in automate.config.ts.',
    { facts: { resource: 'profile', bytes, limitBytes } },
  )
}
