import type { Widgets } from 'blessed'

/**
 * Marks an element as outdated, so that it is drawn again. An element is outdated if it, or an
 * element under or over it, has changed.
 */
export type Invalidate = () => void

/**
 * Makes blessed draw an element only if it is outdated. By default blessed draws all elements at
 * every render, even if their cells are unchanged. `draw` runs after blessed's own drawing.
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
