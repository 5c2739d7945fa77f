/** Interval of frames at 30 a second. More frames are invisible, and cost the terminal time. */
const FRAME_MS = 1_000 / 30

/** Draws on request, at most once an interval. Requests within one interval are one frame. */
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
