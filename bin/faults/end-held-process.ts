/**
 * Interval of the checks, and the time that remaining steps after a command, such as the end of a
 * thread, may take.
 */
const LEFTOVERS_MS = 5_000

/**
 * Ends this process some seconds after its command, with the exit code of the command, if an open
 * resource prevents Node from exiting. Otherwise a scheduler would stay without reacting to
 * signals, and its service manager would not start another one. Waits until the output that is
 * written to a pipe has been read.
 */
export function endHeldProcess(): void {
  // A process with an IPC channel is controlled by the program that forked it.
  if (process.connected) return
  const end = () => {
    if ([process.stdout, process.stderr].every(({ writableLength }) => writableLength === 0)) process.exit()
  }
  setInterval(end, LEFTOVERS_MS).unref()
}
