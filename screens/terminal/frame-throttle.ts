/**
 * Minimum time between frames: 30 frames a second. More frames would not be visible, and would cost
 * the terminal time.
 */
const FRAME_MS = 1_000 / 30

/**
 * Draws on request, at most once in each interval. All requests within one interval are combined
 * into one frame.
 */
export class FrameThrottle {
  private readonly draw: () => unknown
  private timer: NodeJS.Timeout | undefined
  private lastAt = -Infinity
  private stopped = false

  constructor(draw: () => unknown) {
    this.draw = draw
  }

  ask(): void {
    if (this.stopped || this.timer !== undefined) return
    const waitMs = Math.max(0, this.lastAt + FRAME_MS - performance.now())
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.lastAt = performance.now()
      this.draw()
    }, waitMs)
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
  }
}
