/**
 * Tells whether a parent holds the other end of the fork channel. A child that starts supervised and finds it let go is an orphan.
 * That the channel was closed before the child was up is learnt in the first turn of the event loop, so one is waited for.
 */
export async function hasParent(): Promise<boolean> {
  await new Promise(resolve => setImmediate(resolve))
  return process.connected
}
