import type { Size } from '../state.ts'
import type { Token } from './tokens.ts'
import type { ViewModel } from '../view/drawing/row.ts'
import { FrameOutput, sizeOf } from './frame-output.ts'
import type { TerminalOutput } from './frame-output.ts'
import { openKeyboard } from './keyboard.ts'
import type { TerminalInput } from './keyboard.ts'
import { createPainter } from './renderer.ts'
import {
  BELL,
  LEAVE_MODES,
  clipboardSequence,
  enterModes,
  mouseMode,
  notification,
} from './terminal-modes.ts'

export interface TerminalEvents {
  onToken(token: Token): void
  onResize(size: Size): void
  /** Called when the terminal has closed. */
  onGone(): void
  /** Called when a busy terminal can take frames again. */
  onReady(): void
}

/** Terminal of the console. `close` restores the terminal to its previous state. */
export interface Terminal {
  readonly size: Size
  readonly busy: boolean
  paint(model: ViewModel): boolean
  repaint(): void
  mouse(on: boolean): void
  /** Rings the bell. The user's terminal may flash instead. */
  bell(): void
  /** Rings the bell, and shows the text as a desktop notification if the terminal supports it. */
  notify(text: string): void
  /** Copies a text to the terminal's clipboard. */
  copy(text: string): void
  /** Switches the modes on again, after the process was stopped and continued. */
  resume(): void
  close(): void
}

/** Opens the full screen on a terminal: alternate screen, raw keys, mouse, bracketed paste. */
export function openTerminal(input: TerminalInput, output: TerminalOutput, events: TerminalEvents): Terminal {
  const frames = new FrameOutput(output)
  let mouse = true
  let repaintWhenReady = false
  frames.sendNow(enterModes(mouse))
  const painter = createPainter(frames)
  const keyboard = openKeyboard(
    input,
    token => events.onToken(token),
    () => events.onGone(),
  )
  const resized = () => events.onResize(painter.resize())
  const gone = () => events.onGone()
  const repaint = () => {
    repaintWhenReady = frames.busy
    if (!repaintWhenReady) painter.repaint()
  }
  const ready = (stalled: boolean) => {
    if (stalled || repaintWhenReady) repaint()
    events.onReady()
  }
  output.on('resize', resized)
  output.on('error', gone)
  frames.on('ready', ready)
  return {
    get size() {
      return sizeOf(output)
    },
    get busy() {
      return frames.busy
    },
    paint: model => painter.paint(model),
    repaint,
    mouse: on => {
      mouse = on
      frames.sendNow(mouseMode(on))
    },
    copy: text => frames.sendNow(clipboardSequence(text)),
    bell: () => frames.sendNow(BELL),
    notify: text => frames.sendNow(notification(text) + BELL),
    resume: () => {
      keyboard.resume()
      frames.sendNow(enterModes(mouse))
      repaint()
    },
    close: () => {
      output.removeListener('resize', resized)
      painter.close()
      frames.sendNow(LEAVE_MODES)
      keyboard.close(frames.close())
      // A closed terminal may still raise an error, so the handler `gone` stays.
    },
  }
}
