import { PassThrough } from 'node:stream'
import blessed from 'blessed'
import type { Widgets } from 'blessed'
import Tput from 'blessed/lib/tput.js'
import type { Size } from '../state.ts'
import type { Region, Row, Taskbar, ViewModel } from '../view/drawing/row.ts'
import { createChartWidget } from './chart-widget.ts'
import type { FrameOutput } from './frame-output.ts'
import { createRegionWidget } from './region-widget.ts'
import { taskbarSequence, titleSequence } from './terminal-modes.ts'

/**
 * Draws view models on the terminal. The widgets are created once, and parts that have not changed
 * are not drawn again.
 */
export interface Painter {
  /** Draws the differences from the last view model. Returns false if nothing differs. */
  paint(model: ViewModel): boolean
  /** Draws everything again, whatever the terminal shows. */
  repaint(): void
  /** Reads the terminal's size. */
  resize(): Size
  close(): void
}

type Part = 'header' | 'body' | 'chart' | 'footer' | 'overlay'

const ALL: ReadonlySet<Part> = new Set<Part>(['header', 'body', 'chart', 'footer', 'overlay'])

const NO_PROGRESS: Taskbar = { state: 'idle', percent: 0 }

export function createPainter(output: FrameOutput): Painter {
  const screen = createScreen(output)
  const header = createRegionWidget(screen)
  const body = createRegionWidget(screen)
  const chart = createChartWidget(screen)
  const footer = createRegionWidget(screen)
  const overlay = createRegionWidget(screen)
  let last: ViewModel | null = null
  let progressShown = ''
  const widgets = { header, body, chart, footer, overlay }
  const render = (parts: ReadonlySet<Part>) => {
    for (const part of parts) widgets[part].outdate()
    screen.render()
    screen.program.flush()
    output.send()
  }
  const showProgress = (taskbar: Taskbar | null): boolean => {
    const sequence = taskbar === null ? '' : taskbarSequence(taskbar)
    if (sequence === progressShown) return false
    progressShown = sequence
    output.write(sequence)
    return true
  }
  return {
    paint: model => {
      const parts = last === null ? ALL : changedParts(last, model)
      const title = last?.title !== model.title
      last = model
      if (title) output.write(titleSequence(model.title))
      const progress = showProgress(model.taskbar)
      if (parts.size === 0 && !title && !progress) return false
      header.show(model.header)
      body.show(model.body)
      chart.show(model.chart)
      footer.show(model.footer)
      overlay.show(model.overlay)
      render(parts)
      return true
    },
    repaint: () => {
      screen.realloc()
      render(ALL)
    },
    resize: () => {
      last = null
      return output.resized()
    },
    close: () => {
      screen.destroy()
      if (progressShown !== '') showProgress(NO_PROGRESS)
      output.send()
    },
  }
}

/** Returns the parts to draw again. An overlay covers all parts, and the chart covers the body. */
function changedParts(a: ViewModel, b: ViewModel): ReadonlySet<Part> {
  if (!sameRegion(a.overlay, b.overlay)) return ALL
  const changed = new Set<Part>()
  if (!sameRegion(a.header, b.header)) changed.add('header')
  if (!sameRegion(a.footer, b.footer)) changed.add('footer')
  if (!sameRegion(a.body, b.body) || JSON.stringify(a.chart) !== JSON.stringify(b.chart)) {
    changed.add('body').add('chart')
  }
  return changed.size > 0 && b.overlay !== null ? ALL : changed
}

function sameRegion(a: Region | null, b: Region | null): boolean {
  if (a === null || b === null) return a === b
  const samePlace = a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height
  return (
    samePlace &&
    a.rows.length === b.rows.length &&
    a.rows.every((row, index) => sameRow(row, b.rows[index] ?? []))
  )
}

/**
 * True if two rows look the same. Styles are the theme's own objects, or copies of them in
 * highlighted rows.
 */
function sameRow(a: Row, b: Row): boolean {
  return (
    a.length === b.length &&
    a.every(({ text, style }, index) => {
      const other = b[index]
      if (other?.text !== text) return false
      const { fg, bg, bold, underline, inverse } = other.style
      return (
        style.fg === fg &&
        style.bg === bg &&
        style.bold === bold &&
        style.underline === underline &&
        style.inverse === inverse
      )
    })
  )
}

/**
 * Creates the process's only screen. blessed only draws. Keys and mouse events never reach it,
 * because it turns one Enter into two, a split sequence into letters, and a paste into hotkeys.
 */
function createScreen(output: FrameOutput): Widgets.Screen {
  // The terminal description that blessed bundles is complete. With the system's descriptions,
  // blessed prints warnings about capabilities that it cannot read.
  Tput.ipaths = []
  // Frames are drawn with Unicode, like all other text. If a program in between (tmux, a log)
  // dropped the switch to the second character set, the frames would appear as letters.
  Tput.prototype.detectBrokenACS = () => true
  return blessed.screen({
    input: new PassThrough(),
    output,
    // Without this setting, blessed on Windows uses 8 colours and no alternate screen.
    terminal: 'xterm-256color',
    forceUnicode: true,
    fullUnicode: false,
    smartCSR: false,
  })
}
