/**
 * Longest sleep until a moment of the wall clock. Timers use the monotonic clock, which stops on a
 * suspended machine and does not follow corrections of the wall clock.
 */
export const MAX_SLEEP_MS = 30_000

/**
 * Several Chromes that start together queue for the processor. This is ten times what eight of them
 * need on two cores.
 */
export const STARTUP_LIMIT_MS = 60_000

/**
 * A worker with a running browser takes its assignment within milliseconds. After this time the
 * worker counts as hung, and another worker takes the assignment.
 */
export const TAKE_LIMIT_MS = 15_000

/**
 * A worker that is asked to stop closes its Chrome within a second or two. Its process tree is
 * killed after three times that.
 */
export const STOP_GRACE_MS = 6_000

/**
 * A killed process tree is gone at once. Interval at which a kill that failed (on a busy Windows)
 * is repeated.
 */
export const KILL_AGAIN_MS = 5_000

/**
 * Grace after a phase's deadline and abort grace, before a silent worker counts as blocked. Also
 * applied after a full disk or a refusing database recovers, because a worker retries its result
 * every 500 ms.
 */
export const WATCHDOG_GRACE_MS = 2_000

/**
 * Delay of a turn after a kill was due that shows that the scheduler itself was stopped, or its
 * machine suspended. On a loaded machine the wrong conclusion costs one more WATCHDOG_GRACE_MS.
 */
export const LATE_TURN_MS = 100

/**
 * Longest time for which a worker is kept for a workflow without queued jobs, before its memory is
 * released.
 */
export const IDLE_KEPT_MS = 60_000
