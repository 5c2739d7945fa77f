import type { Clock } from '../../../core/time/clock.ts'
import { knownSecrets } from '../../../core/secrets/known-secrets.ts'

/**
 * Time for which a worker's secrets remain known after its exit. The worker's output is redacted at
 * the exit, so this only protects against a late error that quotes the output again.
 */
const LATE_OUTPUT_MS = 60_000

/**
 * Holds the secrets of the jobs that this scheduler's workers run. A worker prints the output of
 * all its jobs into one file, which is redacted when the worker exits. The secrets are therefore
 * released only after the exit.
 */
export class JobSecrets {
  private readonly clock: Clock
  private readonly held = new Map<
    string,
    { readonly secrets: Set<string>; readonly releases: (() => void)[] }
  >()
  private exits: { readonly at: number; readonly releases: readonly (() => void)[] }[] = []

  constructor(clock: Clock) {
    this.clock = clock
  }

  /**
   * Adds the secrets of a job to the known secrets of this process. Returns the secrets of all jobs
   * that the worker has had.
   */
  hold(workerId: string, secrets: readonly string[]): readonly string[] {
    this.releaseOld()
    const held = this.held.get(workerId) ?? { secrets: new Set(), releases: [] }
    if (secrets.length > 0) {
      this.held.set(workerId, held)
      for (const secret of secrets) held.secrets.add(secret)
      held.releases.push(knownSecrets.hold(secrets))
    }
    return [...held.secrets]
  }

  /**
   * Releases the secrets of an exited worker once `LATE_OUTPUT_MS` is over. They are released by a
   * later call instead of a timer, because a timer would keep the process alive.
   */
  exited(workerId: string): void {
    this.releaseOld()
    const held = this.held.get(workerId)
    if (held === undefined) return
    this.held.delete(workerId)
    this.exits.push({ at: this.clock.monotonic(), releases: held.releases })
  }

  private releaseOld(): void {
    const newest = this.clock.monotonic() - LATE_OUTPUT_MS
    for (const { at, releases } of this.exits) if (at <= newest) for (const release of releases) release()
    this.exits = this.exits.filter(({ at }) => at > newest)
  }
}
