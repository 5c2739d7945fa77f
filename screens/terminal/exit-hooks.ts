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
   * Called when the process ends because of an error or `process.exit`. Only synchronous code runs
   * then.
   */
  readonly restore: () => void
}

/**
 * Registers handlers for every way in which the process can end while code still runs. Node prints
 * an error itself, after the terminal is restored. Returns a function that removes the handlers.
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
