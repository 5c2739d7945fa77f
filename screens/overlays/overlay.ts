import { noEffects } from '../binding.ts'
import { inserted } from '../line.ts'
import { paletteChosen, palettePasted, palettePressed } from './palette.ts'
import { formPasted, formPressed } from '../forms/form.ts'
import { recordPressed } from './details.ts'
import { startChoicePressed, startChosen } from '../forms/start-form.ts'
import type { Overlay } from './overlay-state.ts'
import type { State, Step } from '../state.ts'

/** Processes a key while a box is over the screens. The key never reaches the screens behind. */
export function overlayPressed(state: State, overlay: Overlay, key: string): Step {
  switch (overlay.type) {
    case 'palette':
      return palettePressed(state, overlay, key)
    case 'start':
      return startChoicePressed(state, overlay, key)
    case 'form':
      return formPressed(state, overlay, key)
    case 'record':
      return recordPressed(state, overlay, key)
  }
}

/** Pastes text into the box. */
export function overlayPasted(state: State, overlay: Overlay, text: string): Step {
  switch (overlay.type) {
    case 'palette':
      return palettePasted(state, overlay, text)
    case 'start':
      return noEffects({ ...state, overlay: { ...overlay, line: inserted(overlay.line, text), choice: 0 } })
    case 'form':
      return formPasted(state, overlay, text)
    case 'record':
      return noEffects(state)
  }
}

/** Processes a mouse press on a row of the box. */
export function overlayClicked(state: State, overlay: Overlay, index: number): Step {
  switch (overlay.type) {
    case 'palette':
      return paletteChosen(state, overlay, index)
    case 'start':
      return startChosen(state, overlay, index)
    case 'form':
      return noEffects({ ...state, overlay: { ...overlay, focus: index } })
    case 'record':
      return noEffects(state)
  }
}
