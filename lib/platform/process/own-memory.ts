let last = 0

/**
 * Returns the resident memory of this process in bytes. On Linux the number is read from a file,
 * which fails if the process has no free file descriptor. The last known number is then returned.
 */
export function ownMemory(): number {
  try {
    last = process.memoryUsage.rss()
  } catch {
    // A missing number for display must not end the process.
  }
  return last
}
