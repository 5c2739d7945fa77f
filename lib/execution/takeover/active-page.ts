import { createHash } from 'node:crypto'
import type { BrowserContext, Page } from 'puppeteer'
import { AutomateError } from '../../core/errors/errors.ts'
import type { ShownPage } from '../../model/worker/page-preview.ts'
import { publicAddress } from '../../model/failure/error-text.ts'
import { focusOf } from './focused-frame.ts'
import type { FramePath } from './focused-frame.ts'

const ID_DIGITS = 16

/** The page in front, and the one that the person has seen. A pop-up or a navigation must not receive what a person types for another site. */
export class ActivePage {
  private readonly context: BrowserContext
  private readonly numbers = new WeakMap<Page, number>()
  private count = 0
  /** Id of the page that the person has looked at or clicked last. */
  private seenId: string | undefined
  /** The page and the frame in it that the person clicked on last, by the origins on the way to it. */
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

  /** Returns the id of a page, which changes with its origin, and its address. */
  describe(page: Page): ShownPage {
    const known = this.numbers.get(page)
    const number = known ?? ++this.count
    if (known === undefined) this.numbers.set(page, number)
    const address = page.url()
    const hash = createHash('sha256').update(originOf(address)).digest('hex').slice(0, ID_DIGITS)
    return { id: `${number}-${hash}`, address: publicAddress(address) }
  }

  /** Records that the person has looked at the page, or clicked on it. */
  seen(id: string): void {
    this.seenId = id
  }

  /** Records that the person clicked on a frame of the page. */
  clickedOn(id: string, path: FramePath): void {
    this.seen(id)
    this.clicked = { id, origins: originsOf(path) }
  }

  /** Takes the page on which a workflow calls a person for seen, because the person comes for it. */
  calledTo(page: Page): void {
    this.seen(this.describe(page).id)
  }

  /**
   * Returns the page in front if it is the one that the person has seen, by its id or else the last one.
   * @throws `hard-fail` with the address of the page if it is another one.
   */
  async findSeen(id = this.seenId): Promise<{ readonly page: Page; readonly id: string }> {
    const page = await this.find()
    const { id: found } = this.describe(page)
    this.requireSame(page, id)
    return { page, id: found }
  }

  /** @throws `hard-fail` if the page is not the one with this id, or shows another origin by now. */
  requireSame(page: Page, id: string | undefined): void {
    const { id: found, address } = this.describe(page)
    if (found === id) return
    throw new AutomateError(
      'hard-fail',
      `the page in front is another one than the person has seen: ${address}. Take a picture of it, or look at it in the console, before you go on`,
    )
  }

  /**
   * Makes sure that keys go to the page itself or to the frame in it that the person clicked on last,
   * by their origins: the script of any frame can take the focus at any time.
   * @throws `hard-fail` with the address of the frame if they would go to another one.
   */
  async requireFocus(page: Page, id: string): Promise<void> {
    const { path } = await focusOf(page).catch((error: unknown) => {
      // A page that leaves cannot be asked, and another one is the better reason.
      this.requireSame(page, id)
      throw error
    })
    const [own] = path
    const foreign = path.find(({ origin }) => origin !== own.origin)
    if (foreign === undefined) return
    if (this.clicked?.id === id && this.clicked.origins === originsOf(path)) return
    throw new AutomateError(
      'hard-fail',
      `a frame of another site has the focus, and you did not click on it: ${publicAddress(foreign.address)}. Click on the field that you mean, and begin its text again`,
    )
  }
}

/** Returns the origin of a page's address. An address without one, such as `about:blank`, counts as one itself. */
function originOf(address: string): string {
  const origin = URL.canParse(address) ? new URL(address).origin : 'null'
  return origin === 'null' ? address.replace(/#.*$/s, '') : origin
}

const originsOf = (path: FramePath): string => path.map(({ origin }) => origin).join(' ')
