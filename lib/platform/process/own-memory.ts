let last = 0

/**
 * Returns how many bytes of memory this process holds. Linux reads the number from a file, which fails while the process has no
 * file descriptor left: the last number stands then.
 */
export function ownMemory(): number {
  try {
    last = process.memoryUsage.rss()
  } catch {
    // A number for people is no reason to end.
  }
  return last
}
