const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/**
 * SIGTERM, SIGINT and SIGHUP as facts to wait for; on Windows Ctrl+C arrives as SIGINT and a closed window as SIGHUP. From its making on, signals end the
 * program no more.
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

  /** `notice` is said on stderr at the first request. */
  constructor(notice: string) {
    this.notice = notice
    for (const signal of SIGNALS) process.on(signal, this.onSignal)
  }

  /** Aborts at the first request. */
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
 * Calls `act` at a stop signal, once for each. Returns what ends this watch. A second SIGTERM or SIGINT ends the program; a second SIGHUP does not, now or later: the system and the
 * shell each send one when a terminal closes, and the program still has to tidy up.
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
 * Lets the signals end nothing until the returned function is called: a closed window is told twice, by the end of the input and by a signal, and whichever
 * comes second must not end the process while it still stops its workers.
 */
export function ignoreSignals(): () => void {
  const stay = () => undefined
  for (const signal of SIGNALS) process.on(signal, stay)
  return () => {
    for (const signal of SIGNALS) process.off(signal, stay)
  }
}

/**
 * Runs `tidyUp` when a signal ends the program before anybody else listens to signals. Returns what ends this watch; it also ends by itself when somebody
 * else begins to listen.
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
    // Not now: without any listener Node would give the signal up, and it takes no notice of the one that is just being added.
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
