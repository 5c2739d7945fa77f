import { createHash } from 'node:crypto'
import type { BrowserContext, Page } from 'puppeteer'
import { AutomateError } from '../../core/errors/errors.ts'
import type { ShownPage } from '../../model/worker/page-preview.ts'
import { publicAddress } from '../../model/failure/error-text.ts'
import { documentOf, focusOf, ownOrigin } from './focused-frame.ts'
import type { FramePath } from './focused-frame.ts'

const ID_DIGITS = 16

/**
 * Tracks the page in front, and the page that the person has seen. Text that a person types for one
 * site must not reach another site through a pop-up or a navigation.
 */
export class ActivePage {
  private readonly context: BrowserContext
  private readonly numbers = new WeakMap<Page, number>()
  private count = 0
  /** Id of the page that the person has looked at or clicked last. */
  private seenId: string | undefined
  /**
   * Page that the person clicked last, and the origins of the frames from the page's main frame to
   * the clicked frame.
   */
  private clicked: { readonly id: string; readonly origins: string } | undefined

  constructor(context: BrowserContext) {
    this.context = context
  }

  /** Returns the page that a person would see: the one that was opened last. */
  async find(): Promise<Page> {
    const page = (await this.context.pages()).findLast(one => !one.isClosed())
    if (page !== undefined) return page
    throw new AutomateError('browser-crash', 'The worker has no open page.')
  }

  /**
   * Returns the address of a page, and an id of the page, which changes when the page's origin
   * changes. If the address has no origin, such as `about:blank`, the id changes with the document,
   * because any site that may navigate the page can put its own document there.
   */
  describe(page: Page): ShownPage {
    const known = this.numbers.get(page)
    const number = known ?? ++this.count
    if (known === undefined) this.numbers.set(page, number)
    const address = page.url()
    const place = originOf(address) ?? `${address} ${documentOf(page)}`
    const hash = createHash('sha256').update(place).digest('hex').slice(0, ID_DIGITS)
    return { id: `${number}-${hash}`, address: publicAddress(address) }
  }

  /**
   * Returns a page for its picture, as `describe` does. An address without an origin follows the
   * origin of its document: `https://shop.example/ (about:blank)`.
   */
  async present(page: Page): Promise<ShownPage> {
    const { id, address } = this.describe(page)
    const owner = originOf(page.url()) === undefined ? await ownOrigin(page) : undefined
    return { id, address: owner === undefined ? address : `${owner}/ (${address})` }
  }

  /** Records that the person has looked at the page, or clicked on it. */
  seen(id: string): void {
    this.seenId = id
  }

  /** Records that the person clicked a frame of the page. */
  clickedOn(id: string, path: FramePath): void {
    this.seen(id)
    this.clicked = { id, origins: originsOf(path) }
  }

  /** Marks the page on which a workflow calls a person as seen, because the person comes for it. */
  calledTo(page: Page): void {
    this.seen(this.describe(page).id)
  }

  /**
   * Returns the page in front if it is the page with this id, by default the page that the person
   * has seen last.
   * @throws `hard-fail` with the address of the page in front if it is another page.
   */
  async findSeen(id = this.seenId): Promise<{ readonly page: Page; readonly id: string }> {
    const page = await this.find()
    const { id: found } = this.describe(page)
    this.requireSame(page, id)
    return { page, id: found }
  }

  /**
   * Checks that a page is still the one with an id.
   * @throws `hard-fail` if the page has another id, or shows another origin by now.
   */
  requireSame(page: Page, id: string | undefined): void {
    const { id: found, address } = this.describe(page)
    if (found === id) return
    throw new AutomateError(
      'hard-fail',
      `the page in front is not the page that you have seen: ${address}. Take a picture of it, or view it in the console, before you continue`,
    )
  }

  /**
   * Checks that keys reach the page with this id, or the frame of the page that the person clicked
   * last. Compares origins, because the script of any frame can take the focus at any time.
   * @throws `hard-fail` with the address of the page or frame that would receive the keys.
   */
  async requireFocus(page: Page, id: string): Promise<void> {
    const { path } = await focusOf(page).catch((error: unknown) => {
      // A page that navigates cannot reply, and a different page is the better reason.
      this.requireSame(page, id)
      throw error
    })
    this.requireSame(page, id)
    const [own] = path
    const foreign = path.find(({ origin }) => origin !== own.origin)
    if (foreign === undefined) return
    if (this.clicked?.id === id && this.clicked.origins === originsOf(path)) return
    throw new AutomateError(
      'hard-fail',
      `a frame of another site has the focus, but you did not click on it: ${publicAddress(foreign.address)}. Click on the right field, then type its text again`,
    )
  }
}

/**
 * Returns the origin of a page's address; undefined for an address without one, such as
 * `about:blank`.
 */
function originOf(address: string): string | undefined {
  const origin = URL.parse(address)?.origin ?? 'null'
  return origin === 'null' ? undefined : origin
}

const originsOf = (path: FramePath): string => path.map(({ origin }) => origin).join(' ')
