import type { Item } from '../catalogue.ts'
import { bottle, layout } from './layout.ts'
import { euros, markup } from './markup.ts'
import type { Markup } from './markup.ts'
import type { Shop } from '../shops.ts'

/** Returns the index page of the street, with every shop as `a.shop`. */
export function streetPage(shops: readonly Shop[]): Markup {
  return layout(
    'Shops',
    markup`<h1>Wine shops of the street</h1>
<p class="lead">${shops.length} shops, one street, and a different price behind each door.</p>
<ul class="grid">
${shops.map(
  shop => markup`<li><a class="shop card" href="/shops/${shop.slug}">
<span class="sign" style="background:${shop.colour}">${shop.name.replace('The ', '').charAt(0)}</span>
<b>${shop.name}</b><span class="soft">${shop.motto}</span></a></li>
`,
)}
</ul>`,
  )
}

export interface Shelf {
  readonly items: readonly Item[]
  /** Page number, 1-based. */
  readonly page: number
  readonly pages: number
}

/**
 * Returns one page of a shop, with its items as `a.item` with `data.price`, and the links `a.next`
 * and `a.previous`.
 */
export function shelfPage(shop: Shop, shelf: Shelf): Markup {
  const link = (page: number) => `/shops/${shop.slug}?page=${page}`
  return layout(
    shop.name,
    markup`${shopHead(shop)}
<ul class="grid">
${shelf.items.map(
  item => markup`<li><a class="item card" href="/shops/${shop.slug}/${item.wine.slug}" data-item="${item.wine.slug}">
${bottle(item.wine.kind)}<b>${item.wine.name}</b>
<span class="soft">${item.wine.region} ${item.wine.year}</span><br>
<data class="price" value="${item.cents}">${euros(item.cents)}</data></a></li>
`,
)}
</ul>
<nav class="pages">
${shelf.page > 1 ? markup`<a class="previous" rel="prev" href="${link(shelf.page - 1)}">Previous</a>` : undefined}
<span>Page ${shelf.page} of ${shelf.pages}</span>
${shelf.page < shelf.pages ? markup`<a class="next" rel="next" href="${link(shelf.page + 1)}">Next</a>` : undefined}
</nav>`,
  )
}

/** Returns the page of one bottle, with exactly one `data.price`. */
export function itemPage(shop: Shop, item: Item): Markup {
  return layout(
    item.wine.name,
    markup`<p><a href="/shops/${shop.slug}">${shop.name}</a></p>
<div class="item-page">
${bottle(item.wine.kind)}
<div>
<h1>${item.wine.name}</h1>
<p class="lead">${item.wine.region}, ${item.wine.year} <span class="tag">${item.wine.kind}</span></p>
<p><data class="price" value="${item.cents}">${euros(item.cents)}</data></p>
<p class="soft">75 cl, taxes included. In stock at ${shop.name}.</p>
<p><a class="button" href="/order/new?shop=${shop.slug}">Order from this shop</a></p>
</div>
</div>`,
  )
}

/**
 * Returns the page of a shop whose terms the visitor has not accepted yet. The page has no prices,
 * and a button that opens the terms in a pop-up.
 */
export function closedPage(shop: Shop): Markup {
  return layout(
    shop.name,
    markup`${shopHead(shop)}
<div class="panel">
<p>Our prices are for guests who have accepted our terms.</p>
<p><button id="read-terms" type="button">Read and accept the terms</button></p>
</div>
<script>
document.querySelector('#read-terms').addEventListener('click', () => {
  window.open('/shops/${shop.slug}/terms', 'terms', 'width=520,height=560')
})
</script>`,
  )
}

/**
 * Returns the pop-up with the terms and a button to accept them. The response to the button closes
 * the pop-up.
 */
export function termsPage(shop: Shop): Markup {
  return layout(
    `Terms of ${shop.name}`,
    markup`<h1>Our terms</h1>
<ol><li>Wine is tasted before it is judged.</li><li>Prices are told in confidence.</li><li>Cork is returned.</li></ol>
<form method="post" action="/shops/${shop.slug}/terms"><button id="accept-terms">Accept</button></form>`,
  )
}

/** Returns a page that reloads the opener of the pop-up, then closes the pop-up. */
export function termsAcceptedPage(shop: Shop): Markup {
  return layout(
    'Thank you',
    markup`<h1>Thank you</h1><p class="accepted">You may close this window.</p>
<script>
if (window.opener) { window.opener.location.href = '/shops/${shop.slug}'; window.close() }
</script>`,
  )
}

/** Returns the page with the three lowest prices of a shop. */
export function offersPage(shop: Shop, items: readonly Item[]): Markup {
  return layout(
    `Offers of ${shop.name}`,
    markup`<h1>Offers of ${shop.name}</h1><p class="lead">The best prices of the house.</p>
<table class="offers"><thead><tr><th>Bottle</th><th class="number">Price</th></tr></thead><tbody>
${items.map(
  item => markup`<tr><td><a href="/shops/${shop.slug}/${item.wine.slug}">${item.wine.name}</a></td>
<td class="number"><data class="price" value="${item.cents}">${euros(item.cents)}</data></td></tr>
`,
)}
</tbody></table>`,
  )
}

function shopHead(shop: Shop): Markup {
  return markup`<h1>${shop.name}</h1>
<p class="lead">${shop.motto} · <a class="offers" href="/shops/${shop.slug}/offers" target="_blank" rel="opener">Offers of the house</a></p>`
}
