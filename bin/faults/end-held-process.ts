/** The steps that a command leaves to the end of its process, such as the end of a thread, take less. */
const LEFTOVERS_MS = 5_000

/**
 * Ends this process some seconds after its command, with the exit code of the command, if a resource that was not closed prevents Node from ending it. A scheduler would
 * otherwise stay, deaf to signals, and its service manager would not start another one. Output that a pipe has not taken yet is waited for.
 */
export function endHeldProcess(): void {
  // A process that was forked with a channel belongs to the program at its other end.
  if (process.connected) return
  const end = () => {
    if ([process.stdout, process.stderr].every(({ writableLength }) => writableLength === 0)) process.exit()
  }
  setInterval(end, LEFTOVERS_MS).unref()
}
