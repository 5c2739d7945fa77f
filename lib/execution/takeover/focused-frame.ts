import type { CDPSession, Page, Protocol, Frame } from 'puppeteer'
import { z } from 'zod'

/**
 * Name of the isolated world in which frames are queried. The scripts of the frames cannot access
 * this world.
 */
const WORLD = 'automate-tui-focus'

/**
 * Description of an element to find: an expression for a document, and a function of a shadow root.
 */
interface Meant {
  readonly inDocument: string
  readonly inRoot: string
}

/**
 * The element that receives keys. Read through the prototype's getter, because an element named
 * like a property (`<form name="activeElement">`) would shadow it.
 */
const FOCUSED: Meant = {
  inDocument: `Reflect.get(Document.prototype, 'activeElement', document)`,
  inRoot: `function () { return this.activeElement }`,
}

/** Returns the description of the element at a position. */
const elementAt = (x: number, y: number): Meant => ({
  inDocument: `Document.prototype.elementFromPoint.call(document, ${x}, ${y})`,
  inRoot: `function () { return this.elementFromPoint(${x}, ${y}) }`,
})

/**
 * Function of an element that returns the offset of the element's content from the edges of the
 * visible part of its document.
 */
const CONTENT = `function () {
  const { left, top } = this.getBoundingClientRect()
  const { paddingLeft, paddingTop } = getComputedStyle(this)
  return {
    left: left + this.clientLeft + parseFloat(paddingLeft),
    top: top + this.clientTop + parseFloat(paddingTop),
  }
}`

const Content = z.object({ left: z.number(), top: z.number() })

/**
 * Expression that returns the origin of a document. A document can have the origin of its creator,
 * whatever its address. An opaque origin equals no other (`opaque`), but a frame can share the
 * opaque origin of its parent (`shared`).
 */
const ORIGIN = `(() => {
  if (self.origin !== 'null') return self.origin
  try {
    return parent !== self && parent.document ? 'shared' : 'opaque'
  } catch {
    return 'opaque'
  }
})()`

/** A frame of a page, with the origin of its document. */
export interface FrameSeen {
  readonly address: string
  readonly origin: string
}

/** Frames from the page's main frame to an inner frame, outermost first. */
export type FramePath = readonly [FrameSeen, ...FrameSeen[]]

/**
 * The innermost element that was found, which contains no other frame, and the path to its frame.
 */
interface Found {
  readonly path: FramePath
  /** Attributes of the element by their names; none if there is no element. */
  readonly attributes: ReadonlyMap<string, string>
}

/**
 * Finds the frame and the element that receive the keys of a page. Runs no script of a frame, and
 * also finds elements in a closed shadow root.
 * @throws If a frame does not respond, or is removed before its response.
 */
export function focusOf(page: Page): Promise<Found> {
  return find(page, () => FOCUSED)
}

/** Returns the path to the frame that a click at this position of the page reaches. */
export async function pathAt(page: Page, x: number, y: number): Promise<FramePath> {
  return (await find(page, ({ left, top }) => elementAt(x - left, y - top))).path
}

/** Returns the origin of a page's own document; undefined for an opaque one. */
export async function ownOrigin(page: Page): Promise<string | undefined> {
  const { origin } = await worldOf(mainNode(page))
  return origin === 'opaque' ? undefined : origin
}

/** Returns the id of a page's own document; empty for the one with which a window begins. */
export function documentOf(page: Page): string {
  const frame = page.mainFrame()
  if (!('_loaderId' in frame && typeof frame._loaderId === 'string'))
    throw new Error('The document of a frame cannot be recognised.')
  return frame._loaderId
}

async function find(page: Page, meant: (content: z.output<typeof Content>) => Meant): Promise<Found> {
  const first = await ask(mainNode(page), meant({ left: 0, top: 0 }))
  const path: [FrameSeen, ...FrameSeen[]] = [first.seen]
  const offset = { left: 0, top: 0 }
  let { element } = first
  while (element?.frame !== undefined) {
    offset.left += element.frame.left
    offset.top += element.frame.top
    const inner = await ask(nodeById(page, element.frame.id), meant(offset), path.at(-1))
    path.push(inner.seen)
    element = inner.element
  }
  return { path, attributes: element?.attributes ?? new Map() }
}

interface ElementFound {
  readonly attributes: ReadonlyMap<string, string>
  /**
   * Frame that the element contains, with the position of the frame's content; undefined if the
   * element is no frame.
   */
  readonly frame: ({ readonly id: string } & z.output<typeof Content>) | undefined
}

/**
 * Number of queried frames so far. Each query has its own object group, so that a cancelled query
 * releases no objects of the next one.
 */
let asked = 0

/** Queries a frame for its origin, and for an element of its document. */
async function ask(
  node: FrameNode,
  meant: Meant,
  around?: FrameSeen,
): Promise<{ readonly seen: FrameSeen; readonly element: ElementFound | undefined }> {
  const { id, address, session } = node
  const { contextId, origin: named } = await worldOf(node)
  const origin = named === 'shared' ? around?.origin : named
  const seen = { address, origin: origin === undefined || origin === 'opaque' ? `opaque ${id}` : origin }
  const objectGroup = `${WORLD}-${++asked}`
  try {
    return { seen, element: await elementOf(session, { contextId, objectGroup }, meant) }
  } finally {
    void session.send('Runtime.releaseObjectGroup', { objectGroup }).catch(() => undefined)
  }
}

/** Enters our world of a frame. Returns the origin of the frame's document, as `ORIGIN` does. */
async function worldOf({
  id,
  session,
}: FrameNode): Promise<{ readonly contextId: number; readonly origin: string }> {
  const world = { frameId: id, worldName: WORLD }
  const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', world)
  const { result } = await session.send('Runtime.evaluate', { expression: ORIGIN, contextId })
  return { contextId, origin: z.string().parse(result.value) }
}

/** Finds an element of a document, also in shadow roots. */
async function elementOf(
  session: CDPSession,
  { contextId, objectGroup }: { readonly contextId: number; readonly objectGroup: string },
  { inDocument, inRoot }: Meant,
): Promise<ElementFound | undefined> {
  const evaluated = { expression: inDocument, contextId, objectGroup }
  let { objectId } = (await session.send('Runtime.evaluate', evaluated)).result
  let node = await describe(session, objectId)
  for (;;) {
    const root = node?.shadowRoots?.find(({ shadowRootType }) => shadowRootType !== 'user-agent')
    if (root === undefined) break
    const { object } = await session.send('DOM.resolveNode', {
      ...{ backendNodeId: root.backendNodeId, executionContextId: contextId, objectGroup },
    })
    const called = { objectId: z.string().parse(object.objectId), functionDeclaration: inRoot }
    const { result } = await session.send('Runtime.callFunctionOn', { ...called, objectGroup })
    const inner = await describe(session, result.objectId)
    if (inner === undefined || inner.backendNodeId === node?.backendNodeId) break
    node = inner
    objectId = result.objectId
  }
  if (node === undefined || objectId === undefined) return undefined
  const { frameId, attributes = [] } = node
  return {
    attributes: new Map(
      attributes.flatMap((name, i) => (i % 2 === 0 ? [[name, attributes[i + 1] ?? '']] : [])),
    ),
    frame: frameId === undefined ? undefined : { id: frameId, ...(await contentOf(session, objectId)) },
  }
}

async function contentOf(session: CDPSession, objectId: string): Promise<z.output<typeof Content>> {
  const called = { objectId, functionDeclaration: CONTENT, returnByValue: true }
  return Content.parse((await session.send('Runtime.callFunctionOn', called)).result.value)
}

async function describe(
  session: CDPSession,
  objectId: string | undefined,
): Promise<Protocol.DOM.Node | undefined> {
  return objectId === undefined ? undefined : (await session.send('DOM.describeNode', { objectId })).node
}

/**
 * A frame of a page, with the session that reaches it. A frame of another site can have its own
 * session.
 */
interface FrameNode {
  readonly id: string
  readonly address: string
  readonly session: CDPSession
}

/** Returns the main frame of the page. */
function mainNode(page: Page): FrameNode {
  return nodeOf(page.mainFrame())
}

/**
 * Returns the frame of the page with this id.
 * @throws If the page has no such frame, because the frame has just been added or removed.
 */
function nodeById(page: Page, id: string): FrameNode {
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

/** True if puppeteer stores the id and the session of a frame in the known fields. */
function keepsSession(frame: Frame): frame is Frame & { readonly _id: string; readonly client: CDPSession } {
  return (
    '_id' in frame &&
    typeof frame._id === 'string' &&
    'client' in frame &&
    typeof frame.client === 'object' &&
    frame.client !== null
  )
}
