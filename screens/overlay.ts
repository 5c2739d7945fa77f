import { paletteChosen, palettePasted, palettePressed } from './palette.ts'
import type { Overlay, State, Step } from './state.ts'

/** A key while something lies over the screens: it never reaches what is behind. */
export const overlayPressed = (state: State, overlay: Overlay, key: string): Step =>
  palettePressed(state, overlay, key)

/** Text that is pasted into it. */
export const overlayPasted = (state: State, overlay: Overlay, text: string): Step =>
  palettePasted(state, overlay, text)

/** The mouse on one of its rows. */
export const overlayClicked = (state: State, overlay: Overlay, index: number): Step =>
  paletteChosen(state, overlay, index)
