/** 30 frames a second: more is not seen, and costs the terminal. */
const FRAME_MS = 1_000 / 30

/** Draws when asked, at most so often; many asks within a frame are one. */
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
