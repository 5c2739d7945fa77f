import type { CDPSession, Frame, Page } from 'puppeteer'

/** A frame of a page, with the session that reaches it: a frame of another site can have its own. */
export interface FrameNode {
  readonly id: string
  readonly address: string
  readonly session: CDPSession
}

/** Returns the page's own frame. */
export function mainNode(page: Page): FrameNode {
  return nodeOf(page.mainFrame())
}

/** @throws if the page has no frame with this id, because the frame has just come or left. */
export function nodeById(page: Page, id: string): FrameNode {
  const node = page
    .frames()
    .map(nodeOf)
    .find(one => one.id === id)
  if (node === undefined) throw new Error('A frame of the page cannot be reached.')
  return node
}

function nodeOf(frame: Frame): FrameNode {
  if (!keepsSession(frame)) throw new Error('The session of a frame cannot be reached.')
  return { id: frame._id, address: frame.url(), session: frame.client }
}

/** Returns false when puppeteer keeps the id or the session of a frame elsewhere than it used to. */
function keepsSession(frame: Frame): frame is Frame & { readonly _id: string; readonly client: CDPSession } {
  return (
    '_id' in frame &&
    typeof frame._id === 'string' &&
    'client' in frame &&
    typeof frame.client === 'object' &&
    frame.client !== null
  )
}
