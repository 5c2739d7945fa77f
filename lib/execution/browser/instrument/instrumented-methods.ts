/** Methods that an author calls on one kind of puppeteer's objects. */
export interface Calls {
  /** Methods that return a promise. */
  readonly actions: readonly string[]
  /** Actions that resolve with one element, or with a list of elements. */
  readonly elements?: readonly string[]
  /** Methods that return a locator, synchronously. */
  readonly locators?: readonly string[]
  /** Methods that return the locator itself, modified. */
  readonly variants?: readonly string[]
  /**
   * Returns true if the text that is the first argument of a call may be shown, because it is a
   * selector, an address or a key. The text of other calls may be a whole document, or a password.
   */
  readonly showsText: (name: string, text: string) => boolean
}

const ELEMENTS = ['$', '$$', 'waitForSelector', 'waitForFunction', 'evaluateHandle'] as const
const QUERIES = [...ELEMENTS, '$eval', '$$eval', 'evaluate'] as const
const GESTURES = ['click', 'focus', 'hover', 'select', 'tap', 'type'] as const

const NAMED_BY_TEXT: ReadonlySet<string> = new Set([
  ...['$', '$$', '$eval', '$$eval', 'click', 'focus', 'goto', 'hover', 'select', 'tap', 'type'],
  ...['waitForRequest', 'waitForResponse', 'waitForSelector', 'locator'],
])

/** Calls of pages and frames. A frame has only some of them. */
export const PAGE_CALLS: Calls = {
  actions: [
    ...QUERIES,
    ...GESTURES,
    'addScriptTag',
    'addStyleTag',
    'content',
    'frameElement',
    'goBack',
    'goForward',
    'goto',
    'pdf',
    'reload',
    'screenshot',
    'setContent',
    'title',
    'waitForFileChooser',
    'waitForFrame',
    'waitForNavigation',
    'waitForNetworkIdle',
    'waitForRequest',
    'waitForResponse',
  ],
  elements: [...ELEMENTS, 'frameElement'],
  locators: ['locator'],
  showsText: name => NAMED_BY_TEXT.has(name),
}

export const LOCATOR_CALLS: Calls = {
  actions: ['click', 'fill', 'hover', 'scroll', 'wait', 'waitHandle'],
  elements: ['waitHandle'],
  variants: [
    'clone',
    'filter',
    'map',
    'setEnsureElementIsInTheViewport',
    'setTimeout',
    'setVisibility',
    'setWaitForEnabled',
    'setWaitForStableBoundingBox',
  ],
  showsText: () => false,
}

/** Calls of the class of all locators itself, not of its instances. */
export const LOCATOR_CLASS_CALLS: Calls = { actions: [], locators: ['race'], showsText: () => false }

export const ELEMENT_CALLS: Calls = {
  actions: [
    ...QUERIES,
    ...GESTURES,
    'autofill',
    'boundingBox',
    'clickablePoint',
    'drag',
    'dragAndDrop',
    'dragEnter',
    'dragOver',
    'drop',
    'isHidden',
    'isIntersectingViewport',
    'isVisible',
    'press',
    'screenshot',
    'scrollIntoView',
    'touchEnd',
    'touchMove',
    'touchStart',
    'uploadFile',
  ],
  elements: ELEMENTS,
  locators: ['asLocator'],
  showsText: (name, text) =>
    name === 'press' ? isNamedKey(text) : name === 'waitForSelector' || name.startsWith('$'),
}

export const KEYBOARD_CALLS: Calls = {
  actions: ['down', 'press', 'sendCharacter', 'type', 'up'],
  showsText: (name, text) => name !== 'sendCharacter' && name !== 'type' && isNamedKey(text),
}

export const MOUSE_CALLS: Calls = {
  actions: [
    'click',
    'down',
    'drag',
    'dragAndDrop',
    'dragEnter',
    'dragOver',
    'drop',
    'move',
    'reset',
    'up',
    'wheel',
  ],
  showsText: () => false,
}

export const TOUCH_CALLS: Calls = {
  actions: ['tap', 'touchEnd', 'touchMove', 'touchStart'],
  showsText: () => false,
}

/**
 * Returns a description of a call, such as `page.click("#buy")`, `page.keyboard.press("Enter")` or
 * `page.evaluate(…)`.
 */
export function callInWords(
  of: string,
  name: string,
  [first, ...others]: readonly unknown[],
  showsText: Calls['showsText'],
): string {
  if (first === undefined && others.length === 0) return `${of}.${name}()`
  const isShown = typeof first === 'string' && showsText(name, first)
  return `${of}.${name}(${isShown ? JSON.stringify(first) : '…'})`
}

/**
 * True for a key that types no character. Other keys are not shown, because an author may press a
 * password letter by letter.
 */
function isNamedKey(key: string): boolean {
  return /^(?!Key|Digit|Numpad)[A-Z]\w+$/.test(key)
}
