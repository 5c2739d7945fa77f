import { Markup, markup } from './markup.ts'
import type { MarkupValue } from './markup.ts'
import { STYLE } from './style.ts'
import type { WineKind } from '../wines.ts'

/** A whole page. The icon is empty and inline, so that a browser asks for nothing but the page. */
export function layout(title: string, content: Markup, user?: string): Markup {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} · Via delle Bottiglie</title>
<link rel="icon" href="data:,">
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header class="street">
<a class="name" href="/">Via delle Bottiglie</a>
<a href="/">Shops</a>
<a href="/order/new">Order</a>
${user === undefined ? markup`<a href="/account/login">Sign in</a>` : markup`<span class="user">${user}</span>`}
</header>
<main>
${content}
</main>
<footer>A street that does not exist: the local demo site of automate-tui.</footer>
</body>
</html>
`
}

/** A page with a heading and a sentence, for refusals and errors. */
export function messagePage(title: string, message: MarkupValue): Markup {
  return layout(
    title,
    markup`<h1>${title}</h1><p class="lead">${message}</p><p><a href="/">Back to the street</a></p>`,
  )
}

const GLASS: Readonly<Record<WineKind, string>> = {
  red: '#4a0f25',
  white: '#8f9a3a',
  rosé: '#d98a8f',
  sparkling: '#c2a24c',
  sweet: '#b8741f',
}

/** A drawn bottle in the colour of its wine. */
export function bottle(kind: WineKind): Markup {
  return markup`<svg class="bottle" viewBox="0 0 60 180" aria-hidden="true">
<path d="M24 4h12v46c0 12 14 16 14 36v82c0 6-4 8-8 8H18c-4 0-8-2-8-8V86c0-20 14-24 14-36z" fill="${GLASS[kind]}"/>
<rect x="23" y="2" width="14" height="22" rx="2" fill="#2b2320"/>
<rect x="12" y="98" width="36" height="48" fill="#faf6f0"/>
<path d="M17 110h26M17 119h26M17 128h16" stroke="#7a1f3d" stroke-width="2"/>
</svg>`
}
