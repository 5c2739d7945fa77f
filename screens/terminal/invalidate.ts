import type { Widgets } from 'blessed'

/**
 * Marks the cells of an element as outdated, because the element has changed or the elements under
 * or over it have.
 */
export type Invalidate = () => void

/**
 * Makes an element draw only while it is outdated. blessed draws all elements at every render,
 * although the cells that it drew stay. `draw` runs after blessed's own drawing.
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
