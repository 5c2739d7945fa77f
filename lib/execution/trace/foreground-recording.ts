import { copyFileSync } from 'node:fs'
import type { ProjectPaths } from '../../core/process/paths.ts'
import type { Outcome } from '../../model/job/outcome.ts'
import type { PhasePosition } from '../../model/job/phase.ts'
import type { TraceSettings } from '../../model/trace/trace-settings.ts'
import { lastFrame, readHead, recordingOf, removeRecording } from '../../files/trace/recording.ts'
import type { Recording } from '../../files/trace/recording.ts'
import type { MemberArtefacts } from '../diagnostics/member-artefacts.ts'

/**
 * Maximum size of the recording of a run without a trace. Only the last picture of such a recording
 * is used.
 */
const UNTRACED_BYTES = 5_000_000

/** Recording of a run in the foreground, which packs the recording itself. */
export class ForegroundRecording {
  readonly order: TraceSettings
  readonly recording: Recording
  private readonly files: MemberArtefacts

  /** `traceBytes` is undefined if no trace was requested. */
  constructor(paths: ProjectPaths, files: MemberArtefacts, traceBytes: number | undefined) {
    this.files = files
    this.recording = recordingOf(paths.recordings, files.stem)
    this.order =
      traceBytes === undefined
        ? { keep: 'off', limitBytes: UNTRACED_BYTES }
        : { keep: 'always', limitBytes: traceBytes }
  }

  /**
   * Saves the last recorded picture, because no screenshot of the page can be taken now. Returns
   * the picture's path, or null if there is no picture.
   */
  keepLastFrame(phase: PhasePosition | null): string | null {
    const frame = lastFrame(this.recording)
    if (frame === undefined) return null
    const path = this.files.screenshot(phase).replace(/\.png$/, '_last-frame.jpeg')
    copyFileSync(frame, path)
    return path
  }

  /**
   * Packs the trace if one was requested, and removes the recording. Returns the path of the trace,
   * or null if there is none.
   */
  async keep(outcome: Outcome): Promise<string | null> {
    if (this.order.keep === 'off' || readHead(this.recording) === undefined) {
      removeRecording(this.recording)
      return null
    }
    const { packRecording } = await import('../../files/trace/pack-recording.ts')
    const reason = 'error' in outcome ? outcome.error.message : outcome.status
    await packRecording(this.recording, this.files.trace, reason)
    return this.files.trace
  }
}
