import type { Widgets } from 'blessed'

/** Tells that the cells of an element must be drawn anew: it has changed, or what lies under or over it has. */
export type Invalidate = () => void

/**
 * Lets an element draw only after it was outdated: blessed draws all elements at every render, and the cells that it drew stay. `draw` follows blessed's own
 * drawing.
 */
export function drawnWhenOutdated(
  element: Widgets.BoxElement,
  draw: () => void = () => undefined,
): Invalidate {
  const render = element.render.bind(element)
  let drawn: ReturnType<typeof render> | undefined
  element.render = () => {
    if (drawn === undefined) {
      drawn = render()
      draw()
    }
    return drawn
  }
  return () => {
    drawn = undefined
  }
}
