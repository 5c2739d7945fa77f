/**
 * Longest sleep until a time of the wall clock, after which the wall clock is read again. Timers
 * use the monotonic clock, which stops while the machine is suspended and does not follow
 * corrections of the wall clock.
 */
export const MAX_SLEEP_MS = 30_000

/**
 * Time limit for the start of a worker. Several Chromes that start together compete for the
 * processor, and this is ten times what eight of them need on two cores.
 */
export const STARTUP_LIMIT_MS = 60_000

/**
 * Time limit for a worker with a running browser to take its assignment, which normally takes
 * milliseconds. A worker that exceeds the limit counts as hung, and another worker takes the
 * assignment.
 */
export const TAKE_LIMIT_MS = 15_000

/**
 * Time limit for a worker to end after it was asked to stop. To close its Chrome takes a second or
 * two. After three times that, its process tree is killed.
 */
export const STOP_GRACE_MS = 6_000

/**
 * Interval at which a failed kill is repeated. A killed process tree normally disappears at once,
 * but a kill can fail on a busy Windows machine.
 */
export const KILL_AGAIN_MS = 5_000

/**
 * Grace after a phase's deadline and abort grace, before a silent worker counts as blocked. It also
 * applies after a full disk or a refusing database recovers, because a worker retries the write of
 * its result every 500 ms.
 */
export const WATCHDOG_GRACE_MS = 2_000

/**
 * If a turn comes later than this after a kill was due, the scheduler itself was stopped or its
 * machine suspended, so the worker gets more time. On a loaded machine this conclusion may be
 * wrong, which costs one more `WATCHDOG_GRACE_MS`.
 */
export const LATE_TURN_MS = 100

/**
 * Longest time for which an idle worker is kept for further jobs of its workflow. Then it ends,
 * which releases its memory.
 */
export const IDLE_KEPT_MS = 60_000
