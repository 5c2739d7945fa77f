import type { Clock } from '../../../core/time/clock.ts'
import { knownSecrets } from '../../../core/secrets/known-secrets.ts'

/**
 * Time after a worker's exit in which its output can be stored, logged and sent. The output is
 * redacted at the exit, so this protects against an error that quotes it again.
 */
const LATE_OUTPUT_MS = 60_000

/**
 * Holds the secrets of the jobs that this scheduler's workers run. A worker prints into one file
 * for all of its jobs. The file is redacted when the worker exits, so its secrets are released
 * after that.
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
   * of the worker.
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
   * Releases the secrets of a worker after a while. Uses no timer, because a timer would keep the
   * process alive.
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
