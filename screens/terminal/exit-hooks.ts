/** Signals that end a process. Some systems do not know all of them. */
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
  /**
   * Called when the process ends by an error or by `process.exit`. Only synchronous code still
   * runs.
   */
  readonly restore: () => void
}

/**
 * Watches for each end of the process that still lets code run. Node prints the error itself, after
 * the terminal is restored. Returns a function that ends the watch.
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
