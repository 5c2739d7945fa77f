/** Times below this say nothing: the collector and the compiler of V8 take as long. */
const FLOOR_MS = 10

/**
 * Four times the text may take four times as long, and twice that because the machine does other
 * work; quadratic time is sixteen times as long.
 */
const LARGEST_RATIO = 8

/** Of several measurements the smallest one has the least of other work in it. */
const MEASUREMENTS = 3

/**
 * Returns how much CPU time `work` takes on four times the text, as a multiple of its time on the
 * text; below 1 where both times are very short.
 */
function cpuGrowth(work: (text: string) => unknown, pump: string, length: number): number {
  const count = Math.ceil(length / pump.length)
  const shortMs = cpuMs(() => work(frame(pump, count)))
  return cpuMs(() => work(frame(pump, count * 4))) / Math.max(FLOOR_MS, shortMs)
}

/**
 * Tells whether the time that `work` takes grows no faster than the text. CPU time of this process,
 * never the wall clock.
 */
export function growsLinearly(work: (text: string) => unknown, pump: string, length = 10_000): boolean {
  return cpuGrowth(work, pump, length) < LARGEST_RATIO
}

/** The end refuses a match to expressions that ask for the end of a line. */
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
