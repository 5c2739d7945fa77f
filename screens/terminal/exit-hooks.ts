/** Ways in which a process is told to end; not every system knows all of them. */
const END_SIGNALS = [
  'SIGTERM',
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGBREAK',
] as const satisfies readonly NodeJS.Signals[]

export interface ProcessEvents {
  readonly onSignal: (signal: NodeJS.Signals) => void
  readonly onContinue: () => void
  /** The process ends by an error or by `process.exit`: only what is synchronous still counts. */
  readonly restore: () => void
}

/**
 * Watches for the end of the process in every form that still lets code run. The error itself is left to Node, which prints
 * it after the terminal is restored. Returns a function that ends the watch.
 */
export function watchProcess({ onSignal, onContinue, restore }: ProcessEvents): () => void {
  const signals = END_SIGNALS.filter(signal => signal !== 'SIGBREAK' || process.platform === 'win32')
  signals.forEach(signal => process.on(signal, onSignal))
  process.on('uncaughtExceptionMonitor', restore)
  process.on('exit', restore)
  if (process.platform !== 'win32') process.on('SIGCONT', onContinue)
  return () => {
    signals.forEach(signal => process.removeListener(signal, onSignal))
    process.removeListener('uncaughtExceptionMonitor', restore)
    process.removeListener('exit', restore)
    process.removeListener('SIGCONT', onContinue)
  }
}
