import { PassThrough } from 'node:stream'
import blessed from 'blessed'
import type { Widgets } from 'blessed'
import Tput from 'blessed/lib/tput.js'
import type { FrameOutput } from './frame-output.ts'

/**
 * Makes the one screen of the process. blessed only draws: keys and mouse never reach it, since it turns one Enter into two,
 * a split sequence into letters, and a paste into hotkeys.
 */
export function createScreen(output: FrameOutput): Widgets.Screen {
  // The bundled description is complete; those of the system make blessed print noise about capabilities it cannot read.
  Tput.ipaths = []
  // Lines are Unicode like all the rest: the second character set would be shown as letters where a program in between (tmux, a log) drops the switch.
  Tput.prototype.detectBrokenACS = () => true
  return blessed.screen({
    input: new PassThrough(),
    output,
    // Without it, native Windows gets 8 colours and no alternate screen.
    terminal: 'xterm-256color',
    forceUnicode: true,
    fullUnicode: false,
    smartCSR: false,
  })
}
