import type { Frame, Page } from 'puppeteer'
import { z } from 'zod'

/** The element of a document that receives keys, as an expression for the page. */
export const FOCUSED = `(() => {
  let focused = document.activeElement
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
  return focused
})()`

/** The element of a document at a place, as an expression for the page. */
const elementAt = (x: number, y: number) => `(() => {
  let found = document.elementFromPoint(${x}, ${y})
  for (let inner = found; inner?.shadowRoot; found = inner) {
    inner = inner.shadowRoot.elementFromPoint(${x}, ${y})
    if (inner === null || inner === found) break
  }
  return found
})()`

/**
 * Describes the element that shows a frame: whether its content has no origin, and how far from the
 * edge of the document the content begins. False for any other element.
 */
const AS_FRAME = `(element => {
  if (!/^(?:iframe|frame|object|embed|fencedframe)$/.test(element?.localName ?? '')) return false
  const { left, top } = element.getBoundingClientRect()
  const { paddingLeft, paddingTop } = getComputedStyle(element)
  return {
    sandboxed: element.hasAttribute('sandbox') && !/\\ballow-same-origin\\b/i.test(element.getAttribute('sandbox')),
    left: left + element.clientLeft + parseFloat(paddingLeft),
    top: top + element.clientTop + parseFloat(paddingTop),
  }
})`

const FrameElement = z.union([
  z.literal(false),
  z.object({ sandboxed: z.boolean(), left: z.number(), top: z.number() }),
])

/** A frame of a page, and the origin of what it shows. */
export interface FrameSeen {
  readonly frame: Frame
  readonly origin: string
}

/** The frames from the page's own one to one within, the outermost first. */
export type FramePath = readonly [FrameSeen, ...FrameSeen[]]

/**
 * Returns the path to the frame that receives the keys of a page. Each frame is asked which of its
 * elements has the focus, so a frame can lie only about the frames within it.
 */
export async function focusedPath(page: Page): Promise<FramePath> {
  const path = ownPath(page)
  for (let next: FrameSeen | undefined = path[0]; next !== undefined;) {
    next = (await frameWithin(next, FOCUSED))?.seen
    if (next !== undefined) path.push(next)
  }
  return path
}

/** Returns the path to the frame that a click at this place of the page reaches. */
export async function pathAt(page: Page, x: number, y: number): Promise<FramePath> {
  const path = ownPath(page)
  let last = path[0]
  for (let place = { x, y }; ;) {
    const inner = await frameWithin(last, elementAt(place.x, place.y))
    if (inner === undefined) return path
    last = inner.seen
    path.push(last)
    place = { x: place.x - inner.left, y: place.y - inner.top }
  }
}

function ownPath(page: Page): [FrameSeen, ...FrameSeen[]] {
  return [{ frame: page.mainFrame(), origin: originOf(page.url()) }]
}

interface FrameWithin {
  readonly seen: FrameSeen
  readonly left: number
  readonly top: number
}

/** Returns the frame that an element of a frame shows; undefined if it shows none. */
async function frameWithin({ frame, origin }: FrameSeen, element: string): Promise<FrameWithin | undefined> {
  const described = FrameElement.parse(await frame.evaluate(`${AS_FRAME}(${element})`))
  if (described === false) return undefined
  const handle = await frame.evaluateHandle(element)
  try {
    const inner = (await handle.asElement()?.contentFrame()) ?? null
    if (inner === null) return undefined
    const { sandboxed, left, top } = described
    const seen = {
      frame: inner,
      origin: sandboxed ? sandboxedOrigin(inner.url()) : originOf(inner.url(), origin),
    }
    return { seen, left, top }
  } finally {
    await handle.dispose()
  }
}

/** Differs from the origin of every frame that is not sandboxed. */
const sandboxedOrigin = (address: string): string => `sandbox ${originOf(address)}`

/**
 * Returns the origin of an address. A document without an address of its own, such as `about:srcdoc`,
 * has that of the frame around it; any other address without an origin counts as one itself.
 */
export function originOf(address: string, around?: string): string {
  const origin = URL.canParse(address) ? new URL(address).origin : 'null'
  if (origin !== 'null') return origin
  return around !== undefined && /^about:|^$/.test(address) ? around : address.replace(/#.*$/s, '')
}
