import type { Item } from '../catalogue.ts'
import { layout } from './layout.ts'
import { euros, markup } from './markup.ts'
import type { Markup } from './markup.ts'
import { LARGEST_QUANTITY, SHIPPING_CENTS, totalCents } from '../orders.ts'
import type { Order, OrderDraft, OrderLine } from '../orders.ts'

/** Steps of the form, in order. The page of each step is `/order/<step>`. */
export const ORDER_STEPS = ['address', 'shipping', 'items', 'review'] as const
export type OrderStep = (typeof ORDER_STEPS)[number]

/** Error messages by the name of the field. */
export type FieldErrors = Readonly<Record<string, string>>

const STEP_TITLES: Readonly<Record<OrderStep, string>> = {
  address: 'Address',
  shipping: 'Shipping',
  items: 'Bottles',
  review: 'Review',
}

const ADDRESS_FIELDS = [
  ['name', 'Full name'],
  ['street', 'Street and number'],
  ['postcode', 'Postcode'],
  ['city', 'City'],
] as const

export function addressPage(user: string, values: URLSearchParams, errors: FieldErrors): Markup {
  return stepPage(
    'address',
    user,
    markup`<form class="panel" method="post" action="/order/address" novalidate>
${ADDRESS_FIELDS.map(
  ([field, label]) => markup`<label>${label}
<input type="text" name="${field}" value="${values.get(field) ?? ''}" aria-invalid="${String(field in errors)}">
${fieldError(errors, field)}</label>
`,
)}
<button>Continue to shipping</button>
</form>`,
  )
}

export function shippingPage(user: string, draft: OrderDraft, errors: FieldErrors): Markup {
  const choice = (value: 'standard' | 'express', label: string) =>
    markup`<label class="check"><input type="radio" name="shipping" value="${value}"${
      draft.shipping === value ? markup` checked` : undefined
    }> ${label} <span class="soft">${euros(SHIPPING_CENTS[value])}</span></label>`
  return stepPage(
    'shipping',
    user,
    markup`<form class="panel" method="post" action="/order/shipping">
${choice('standard', 'Standard, three days')}
${choice('express', 'Express, tomorrow')}
${fieldError(errors, 'shipping')}
<button>Continue to bottles</button>
</form>`,
  )
}

export function itemsPage(
  user: string,
  draft: OrderDraft,
  items: readonly Item[],
  errors: FieldErrors,
): Markup {
  return stepPage(
    'items',
    user,
    markup`${fieldError(errors, 'quantity')}${fieldError(errors, 'item')}${fieldError(errors, 'cart')}
<table class="shelf"><thead><tr><th>Bottle</th><th class="number">Price</th><th class="number">Quantity</th></tr></thead><tbody>
${items.map(
  item => markup`<tr data-item="${item.wine.slug}"><td>${item.wine.name} <span class="soft">${item.wine.year}</span></td>
<td class="number"><data class="price" value="${item.cents}">${euros(item.cents)}</data></td>
<td><form method="post" action="/order/items"><input type="hidden" name="item" value="${item.wine.slug}">
<input type="number" name="quantity" value="1" min="1" max="${LARGEST_QUANTITY}" aria-label="Quantity of ${item.wine.name}">
<button class="quiet">Add to cart</button></form></td></tr>
`,
)}
</tbody></table>
<h2>Your cart</h2>
${cartTable([...draft.lines.values()])}
<form method="post" action="/order/items/done"><p><button>Continue to review</button></p></form>`,
  )
}

export function reviewPage(
  user: string,
  draft: OrderDraft,
  values: URLSearchParams,
  errors: FieldErrors,
): Markup {
  return stepPage(
    'review',
    user,
    markup`<p class="ship-to">To ${draft.address?.name}, ${draft.address?.street}, ${draft.address?.postcode} ${
      draft.address?.city
    }, by ${draft.shipping} post.</p>
${cartTable([...draft.lines.values()])}
<p>Total with shipping: <data class="total" value="${totalCents(draft)}">${euros(totalCents(draft))}</data></p>
<form class="panel" method="post" action="/order/review">
<label>Your reference (optional) <input type="text" name="reference" maxlength="80" value="${values.get('reference') ?? ''}"></label>
<label class="check"><input type="checkbox" name="adult" value="yes"> I am of age</label>
${fieldError(errors, 'adult')}
<button>Place the order</button>
</form>`,
  )
}

export function confirmationPage(user: string, order: Order): Markup {
  return layout(
    'Thank you',
    markup`<h1>Thank you, ${order.address.name}</h1>
<div class="panel done">
<p>Your order number is <strong class="order-number">${order.number}</strong>.</p>
<p>Total: <data class="total" value="${order.totalCents}">${euros(order.totalCents)}</data></p>
${order.reference === '' ? undefined : markup`<p>Your reference: <span class="reference">${order.reference}</span></p>`}
</div>
<h2>What we send</h2>
${cartTable(order.lines)}`,
    user,
  )
}

function stepPage(step: OrderStep, user: string, content: Markup): Markup {
  const at = ORDER_STEPS.indexOf(step)
  const state = (index: number) => (index === at ? 'here' : index < at ? 'past' : 'ahead')
  return layout(
    `Order: ${STEP_TITLES[step]}`,
    markup`<h1>Your order</h1>
<ol class="steps">
${ORDER_STEPS.map((each, index) => markup`<li class="${state(index)}">${index + 1}. ${STEP_TITLES[each]}</li>`)}
</ol>
${content}`,
    user,
  )
}

function cartTable(lines: readonly OrderLine[]): Markup {
  if (lines.length === 0) return markup`<p class="soft">Nothing yet.</p>`
  return markup`<table class="cart"><thead><tr><th>Bottle</th><th class="number">Quantity</th><th class="number">Price</th></tr></thead><tbody>
${lines.map(
  line => markup`<tr data-item="${line.item}"><td>${line.name}</td><td class="number">${line.quantity}</td>
<td class="number">${euros(line.cents * line.quantity)}</td></tr>
`,
)}
</tbody></table>`
}

function fieldError(errors: FieldErrors, field: string): Markup | undefined {
  const message = errors[field]
  return message === undefined
    ? undefined
    : markup`<span class="error" role="alert" data-field="${field}">${message}</span>`
}
