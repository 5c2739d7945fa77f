/**
 * Longest sleep until a moment of the wall clock. Timers go by the monotonic clock, which stands still on a suspended machine, and
 * knows nothing of a corrected wall clock.
 */
export const MAX_SLEEP_MS = 30_000

/** Several Chromes that start together queue for the processor; this is ten times what eight of them need on two cores. */
export const STARTUP_LIMIT_MS = 60_000

/** A worker whose browser is up takes its assignment within milliseconds; one that has not after so long hangs, and another one takes it. */
export const TAKE_LIMIT_MS = 15_000

/** A worker that is told to stop closes its Chrome within a second or two; three times that, then its process tree is killed. */
export const STOP_GRACE_MS = 6_000

/** A tree that was killed is gone at once; where the kill itself failed (a busy Windows), it is tried again this often. */
export const KILL_AGAIN_MS = 5_000

/** Time after a phase's deadline and abort grace that a worker gets to write down that it timed out, before it counts as blocked; as long after a full disk has room again, or the database takes writes again: one that waits with its result looks every half second. */
export const WATCHDOG_GRACE_MS = 2_000

/**
 * A turn that comes so much after the moment at which a worker was to be killed shows that the scheduler itself stood still: stopped, or on a machine that was suspended. On a loaded machine it
 * costs one more WATCHDOG_GRACE_MS.
 */
export const LATE_TURN_MS = 100

/** A worker that is kept for a workflow of which nothing was queued for so long gives its memory back. */
export const IDLE_KEPT_MS = 60_000
