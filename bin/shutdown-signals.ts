const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/**
 * Receives the stop signals SIGTERM, SIGINT and SIGHUP. On Windows, Ctrl+C is a SIGINT and a closed
 * window is a SIGHUP. From the construction of this object on, these signals no longer end the
 * program by themselves.
 */
export class ShutdownSignals {
  private count = 0
  private onFirst: () => void = () => undefined
  private onSecond: () => void = () => undefined
  readonly first = new Promise<void>(resolve => {
    this.onFirst = resolve
  })
  readonly second = new Promise<void>(resolve => {
    this.onSecond = resolve
  })

  private readonly aborted = new AbortController()
  private readonly notice: string

  /** Prints `notice` on stderr at the first stop signal. */
  constructor(notice: string) {
    this.notice = notice
    for (const signal of SIGNALS) process.on(signal, this.onSignal)
  }

  /** Aborts at the first stop signal. */
  get signal(): AbortSignal {
    return this.aborted.signal
  }

  get requested(): boolean {
    return this.count > 0
  }

  private readonly onSignal = () => {
    this.count++
    if (this.count === 1) process.stderr.write(`${this.notice}\n`)
    if (this.count === 1) this.aborted.abort()
    if (this.count === 1) this.onFirst()
    else this.onSecond()
  }
}

/**
 * Calls `act` at the first SIGTERM, at the first SIGINT and at the first SIGHUP. Returns a function
 * that stops listening. A second SIGTERM or SIGINT ends the program. A second SIGHUP does not,
 * because both the system and the shell send one when a terminal is closed, and the program still
 * has to clean up.
 */
export function onStopSignal(act: () => void): () => void {
  let hungUp = false
  const hangUp = () => {
    if (hungUp) return
    hungUp = true
    act()
  }
  process.on('SIGHUP', hangUp)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, act)
  return () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, act)
    if (!hungUp) process.off('SIGHUP', hangUp)
  }
}

/**
 * Ignores stop signals until the returned function is called. A closed window is reported twice, by
 * the end of the input and by a signal. The second report must not end the process while it is
 * still stopping its workers.
 */
export function ignoreSignals(): () => void {
  const stay = () => undefined
  for (const signal of SIGNALS) process.on(signal, stay)
  return () => {
    for (const signal of SIGNALS) process.off(signal, stay)
  }
}

/**
 * Runs `tidyUp` if a stop signal arrives, and then lets the signal end the program. Stops listening
 * as soon as another listener for a stop signal is added, or when the returned function is called.
 */
export function cleanUpOnSignal(tidyUp: () => void): () => void {
  const names = new Set<string | symbol>(SIGNALS)
  let over = false
  const onSignal = (signal: NodeJS.Signals) => {
    if (over) return
    forget()
    tidyUp()
    process.kill(process.pid, signal)
  }
  const onListener = (event: string | symbol) => {
    if (over || !names.has(event)) return
    over = true
    // Removed in the next tick. If no listener remained now, Node would stop watching the signal
    // and would ignore the listener that is just being added.
    process.nextTick(forget)
  }
  const forget = () => {
    process.off('newListener', onListener)
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  process.on('newListener', onListener)
  return forget
}
