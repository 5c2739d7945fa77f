import type { Clock } from '../../../core/time/clock.ts'
import { knownSecrets } from '../../../core/secrets/known-secrets.ts'

/**
 * The output of an exited worker can be stored, logged and sent for so long after its exit. All of it
 * is redacted at the exit; this is for an error that quotes it once more.
 */
const LATE_OUTPUT_MS = 60_000

/**
 * The secrets of the jobs that the workers of this scheduler run. A worker prints into one file for
 * all of its jobs, and the file is redacted when it exits, so its secrets are released after that.
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
   * Adds the secrets of a job to those that this process knows. Returns those of all jobs that the
   * worker has had.
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
   * Releases the secrets of a worker after a while. No timer does it, because one would keep the
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
