import { z } from 'zod'
import { signedIn } from './account-routes.ts'
import type { Item } from '../catalogue.ts'
import { page, redirect } from '../http.ts'
import type { SiteReply, SiteRequest, SiteRoute } from '../http.ts'
import { messagePage } from '../pages/layout.ts'
import { addressPage, confirmationPage, itemsPage, reviewPage, shippingPage } from '../pages/order-pages.ts'
import type { FieldErrors, OrderStep } from '../pages/order-pages.ts'
import { Address, LARGEST_QUANTITY, Quantity, Shipping, newDraft, totalCents } from '../orders.ts'
import type { OrderDraft } from '../orders.ts'
import type { Session } from '../sessions.ts'
import { SHOPS, findShop } from '../shops.ts'
import type { Street } from '../street.ts'

const STEP_LATENCY_MS = 120
/** Status of a page with errors in its form: "Unprocessable Content". */
const INVALID = 422
const REFERENCE_LENGTH = 80

type StepAnswer = (session: Session, draft: OrderDraft, request: SiteRequest) => SiteReply

/**
 * Returns the routes of the order form. Each session has one draft, the steps must be completed in
 * order, and errors appear next to the fields.
 */
export function orderRoutes(street: Street): readonly SiteRoute[] {
  const shelf = (draft: OrderDraft): readonly Item[] => street.catalogue.get(draft.shop) ?? []

  /**
   * Returns a handler for a step of the draft. A visitor who skipped an earlier step is redirected
   * to that step.
   */
  const inStep = (step: OrderStep, answer: StepAnswer) =>
    signedIn(street, async (session, request) => {
      await street.linger(STEP_LATENCY_MS)
      const { draft } = session
      if (draft === undefined) return redirect('/order/new')
      const missing = missingBefore(step, draft)
      return missing === undefined ? answer(session, draft, request) : redirect(`/order/${missing}`)
    })

  return [
    {
      method: 'GET',
      path: '/order/new',
      answer: signedIn(street, (session, { query }) => {
        const shop = findShop(query.get('shop') ?? '') ?? SHOPS[0]
        session.draft = newDraft(shop?.slug ?? '')
        return redirect('/order/address')
      }),
    },
    {
      method: 'GET',
      path: '/order/address',
      answer: inStep('address', ({ user }, draft) =>
        page(addressPage(user, new URLSearchParams(draft.address), {})),
      ),
    },
    {
      method: 'POST',
      path: '/order/address',
      answer: inStep('address', ({ user }, draft, { form }) => {
        const address = Address.safeParse(Object.fromEntries(form))
        if (!address.success) return page(addressPage(user, form, fieldErrors(address.error)), INVALID)
        draft.address = address.data
        return redirect('/order/shipping')
      }),
    },
    {
      method: 'GET',
      path: '/order/shipping',
      answer: inStep('shipping', ({ user }, draft) => page(shippingPage(user, draft, {}))),
    },
    {
      method: 'POST',
      path: '/order/shipping',
      answer: inStep('shipping', ({ user }, draft, { form }) => {
        const shipping = z.object({ shipping: Shipping }).safeParse(Object.fromEntries(form))
        if (!shipping.success) return page(shippingPage(user, draft, fieldErrors(shipping.error)), INVALID)
        draft.shipping = shipping.data.shipping
        return redirect('/order/items')
      }),
    },
    {
      method: 'GET',
      path: '/order/items',
      answer: inStep('items', ({ user }, draft) => page(itemsPage(user, draft, shelf(draft), {}))),
    },
    {
      method: 'POST',
      path: '/order/items',
      answer: inStep('items', ({ user }, draft, { form }) => {
        const errors = addToCart(draft, shelf(draft), form)
        return errors === undefined
          ? redirect('/order/items')
          : page(itemsPage(user, draft, shelf(draft), errors), INVALID)
      }),
    },
    {
      method: 'POST',
      path: '/order/items/done',
      answer: inStep('items', ({ user }, draft) =>
        draft.lines.size > 0
          ? redirect('/order/review')
          : page(itemsPage(user, draft, shelf(draft), { cart: 'Your cart is empty.' }), INVALID),
      ),
    },
    {
      method: 'GET',
      path: '/order/review',
      answer: inStep('review', ({ user }, draft) => page(reviewPage(user, draft, new URLSearchParams(), {}))),
    },
    {
      method: 'POST',
      path: '/order/review',
      answer: inStep('review', (session, draft, { form }) => {
        const { user } = session
        const { address, shipping } = draft
        if (address === undefined || shipping === undefined) return redirect('/order/address')
        if (form.get('adult') !== 'yes') {
          return page(reviewPage(user, draft, form, { adult: 'Confirm that you are of age.' }), INVALID)
        }
        const order = street.orders.place({
          user,
          shop: draft.shop,
          reference: (form.get('reference') ?? '').trim().slice(0, REFERENCE_LENGTH),
          address,
          shipping,
          lines: [...draft.lines.values()],
          totalCents: totalCents(draft),
          placedAt: street.clock.now(),
        })
        session.draft = undefined
        return redirect(`/order/confirmation/${order.number}`)
      }),
    },
    {
      method: 'GET',
      path: '/order/confirmation/:number',
      answer: signedIn(street, ({ user }, request) => {
        const order = street.orders.find(request.param('number'))
        return order === undefined || order.user !== user
          ? page(messagePage('No such order', 'This order is not one of yours.'), 404)
          : page(confirmationPage(user, order))
      }),
    },
  ]
}

/**
 * Returns the first step before `step` that is not completed in the draft, or undefined if all are
 * completed.
 */
function missingBefore(step: OrderStep, draft: OrderDraft): OrderStep | undefined {
  if (step === 'address') return undefined
  if (draft.address === undefined) return 'address'
  if (step === 'shipping') return undefined
  if (draft.shipping === undefined) return 'shipping'
  return step === 'review' && draft.lines.size === 0 ? 'items' : undefined
}

/**
 * Adds bottles to the draft. If the request is wrong, returns the error of the wrong field instead.
 */
function addToCart(
  draft: OrderDraft,
  items: readonly Item[],
  form: URLSearchParams,
): FieldErrors | undefined {
  const item = items.find(each => each.wine.slug === form.get('item'))
  if (item === undefined) return { item: 'This bottle is not on our shelf.' }
  const asked = Quantity.safeParse(form.get('quantity'))
  if (!asked.success) return { quantity: asked.error.issues[0]?.message ?? 'Enter a quantity.' }
  const quantity = (draft.lines.get(item.wine.slug)?.quantity ?? 0) + asked.data
  if (quantity > LARGEST_QUANTITY) {
    return { quantity: `An order holds at most ${LARGEST_QUANTITY} bottles of one wine.` }
  }
  const { slug, name } = item.wine
  draft.lines.set(slug, { item: slug, name, quantity, cents: item.cents })
  return undefined
}

/** Returns the first error message of each field that failed validation. */
function fieldErrors(error: z.ZodError): FieldErrors {
  return Object.fromEntries(error.issues.toReversed().map(issue => [String(issue.path[0]), issue.message]))
}
