/** Times below this prove nothing, because V8's collector and compiler take as long. */
const FLOOR_MS = 10

/**
 * Four times the text may take four times as long, and twice that because the machine does other
 * work. Quadratic time is sixteen times as long.
 */
const LARGEST_RATIO = 8

/** Number of measurements. The smallest time contains the least other work. */
const MEASUREMENTS = 3

/**
 * Returns the CPU time of `work` on four times the text, as a multiple of its time on the text. The
 * ratio is below 1 if both times are very short.
 */
function cpuGrowth(work: (text: string) => unknown, pump: string, length: number): number {
  const count = Math.ceil(length / pump.length)
  const shortMs = cpuMs(() => work(frame(pump, count)))
  return cpuMs(() => work(frame(pump, count * 4))) / Math.max(FLOOR_MS, shortMs)
}

/**
 * True if the time of `work` grows no faster than the text. The measure is CPU time of this
 * process, never the wall clock.
 */
export function growsLinearly(work: (text: string) => unknown, pump: string, length = 10_000): boolean {
  return cpuGrowth(work, pump, length) < LARGEST_RATIO
}

/** Adds an end that prevents a match of expressions that end in the end of a line. */
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
