import type { OutputWriter } from '../../lib/platform/output/output-writer.ts'

/** A slow connection takes a frame within a second. */
const STALLED_AFTER_MS = 5_000

/** Reports each time that a terminal has taken nothing for a while. Holds up no exit. */
export function watchStall(writer: OutputWriter, onStall: () => void): void {
  let before = -1
  setInterval(() => {
    const { pending, progress } = writer
    if (pending > 0 && progress === before) onStall()
    before = pending > 0 ? progress : -1
  }, STALLED_AFTER_MS).unref()
}
