let last = 0

/**
 * Returns the bytes of this process's memory. Linux reads the number from a file, which fails while
 * the process has no free file descriptor. The last number is returned then.
 */
export function ownMemory(): number {
  try {
    last = process.memoryUsage.rss()
  } catch {
    // A missing number for display must not end the process.
  }
  return last
}
