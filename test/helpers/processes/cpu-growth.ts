/**
 * Minimum CPU time that is assumed for the shorter text. A shorter time proves nothing, because
 * V8's garbage collector and compiler take as long.
 */
const FLOOR_MS = 10

/**
 * Maximum ratio that counts as linear. Four times the text may take four times as long, and twice
 * that because the machine does other work. With quadratic growth, the ratio would be sixteen.
 */
const LARGEST_RATIO = 8

/**
 * Number of measurements, of which the shortest counts, because it contains the least other work.
 */
const MEASUREMENTS = 3

/**
 * Returns the CPU time of `work` on four times the text, as a multiple of its time on the text
 * itself. The ratio is below 1 if both times are too short to count.
 */
function cpuGrowth(work: (text: string) => unknown, pump: string, length: number): number {
  const count = Math.ceil(length / pump.length)
  const shortMs = cpuMs(() => work(frame(pump, count)))
  return cpuMs(() => work(frame(pump, count * 4))) / Math.max(FLOOR_MS, shortMs)
}

/**
 * True if the time of `work` grows at most linearly with the text. Measures the CPU time of this
 * process, never the wall clock.
 */
export function growsLinearly(work: (text: string) => unknown, pump: string, length = 10_000): boolean {
  return cpuGrowth(work, pump, length) < LARGEST_RATIO
}

/**
 * Returns the repeated text with an end at which expressions that match up to the end of a line
 * fail.
 */
const frame = (pump: string, count: number): string => `at ${pump.repeat(count)}\u0000!`

function cpuMs(work: () => unknown): number {
  return Math.min(
    ...Array.from({ length: MEASUREMENTS }, () => {
      const before = process.cpuUsage()
      work()
      return process.cpuUsage(before).user / 1_000
    }),
  )
}
