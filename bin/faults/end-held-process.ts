/** Longest time of the steps after a command, such as the end of a thread. */
const LEFTOVERS_MS = 5_000

/**
 * Ends this process some seconds after its command, with the exit code of the command, if an open
 * resource prevents Node from ending it. Otherwise a scheduler would stay without a reaction to
 * signals, and its service manager would not start another. The process first waits until a pipe
 * has taken its output.
 */
export function endHeldProcess(): void {
  // A process that was forked with a channel belongs to the program at the other end.
  if (process.connected) return
  const end = () => {
    if ([process.stdout, process.stderr].every(({ writableLength }) => writableLength === 0)) process.exit()
  }
  setInterval(end, LEFTOVERS_MS).unref()
}
