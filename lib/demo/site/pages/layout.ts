import { Markup, markup } from './markup.ts'
import type { MarkupValue } from './markup.ts'
import type { WineKind } from '../wines.ts'

/** Style sheet of every page. It is part of the page, so that a page needs only one request. */
const STYLE = `
:root { --ink: #2b2320; --soft: #7d716a; --paper: #faf6f0; --line: #e5dbcf; --brand: #7a1f3d; --ok: #2f6b3a; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 Georgia, 'Times New Roman', serif; }
a { color: var(--brand); }
header.street { background: var(--brand); color: #fff; padding: 14px 32px; display: flex; gap: 28px; align-items: baseline; }
header.street a { color: #fff; text-decoration: none; }
header.street .name { font-size: 22px; letter-spacing: .5px; margin-right: auto; }
main { max-width: 1040px; margin: 0 auto; padding: 28px 32px 56px; }
footer { border-top: 1px solid var(--line); color: var(--soft); font-size: 13px; padding: 16px 32px; text-align: center; }
h1 { font-size: 32px; margin: 0 0 4px; font-weight: normal; }
h2 { font-size: 21px; font-weight: normal; margin: 28px 0 10px; }
.lead, .soft { color: var(--soft); }
.lead { margin: 0 0 24px; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 18px; padding: 0; margin: 0; list-style: none; }
.card { display: block; background: #fff; border: 1px solid var(--line); border-radius: 8px; padding: 18px; color: inherit; text-decoration: none; }
.card:hover { border-color: var(--brand); box-shadow: 0 4px 16px rgba(43, 35, 32, .09); }
.card b { display: block; font-size: 18px; font-weight: normal; }
.sign { display: inline-grid; place-items: center; width: 46px; height: 46px; border-radius: 50%; color: #fff; font-size: 20px; margin-bottom: 10px; }
.bottle { height: 116px; display: block; margin: 0 auto 10px; }
.price { font-size: 20px; color: var(--brand); }
.tag { border: 1px solid var(--line); border-radius: 99px; padding: 1px 10px; font-size: 13px; color: var(--soft); }
nav.pages { margin: 26px 0 0; display: flex; gap: 18px; align-items: center; }
.item-page { display: grid; grid-template-columns: 240px 1fr; gap: 36px; background: #fff; border: 1px solid var(--line); border-radius: 8px; padding: 32px; }
.item-page .bottle { height: 300px; }
.item-page .price { font-size: 34px; }
form.panel, .panel { background: #fff; border: 1px solid var(--line); border-radius: 8px; padding: 24px; max-width: 560px; }
label { display: block; margin: 0 0 14px; }
label.check { display: flex; gap: 10px; align-items: center; }
input[type=text], input[type=password], input[type=number] { display: block; width: 100%; font: inherit; padding: 8px 10px; margin-top: 3px; border: 1px solid #cfc3b5; border-radius: 5px; background: #fffdfa; }
input[aria-invalid=true] { border-color: #b3261e; background: #fff5f4; }
button, .button { font: inherit; background: var(--brand); color: #fff; border: 0; border-radius: 5px; padding: 9px 20px; cursor: pointer; text-decoration: none; display: inline-block; }
button.quiet { background: #efe6da; color: var(--ink); padding: 5px 14px; }
.error { color: #b3261e; font-size: 14px; }
.notice { background: #fff3d6; border: 1px solid #ecd9a3; border-radius: 6px; padding: 10px 16px; margin: 0 0 18px; }
.done { border-left: 5px solid var(--ok); }
ol.steps { display: flex; gap: 8px; list-style: none; padding: 0; margin: 0 0 24px; font-size: 14px; color: var(--soft); }
ol.steps li { border-bottom: 3px solid var(--line); padding: 4px 18px 6px 0; flex: 1; }
ol.steps li.here { border-color: var(--brand); color: var(--ink); }
ol.steps li.past { border-color: var(--ok); }
table { border-collapse: collapse; width: 100%; background: #fff; border: 1px solid var(--line); }
th, td { text-align: left; padding: 9px 14px; border-bottom: 1px solid var(--line); font-weight: normal; }
th { color: var(--soft); font-size: 13px; }
td.number, th.number { text-align: right; }
td form { display: flex; gap: 8px; justify-content: flex-end; align-items: center; margin: 0; }
td input[type=number] { width: 70px; margin: 0; padding: 5px 8px; }
`

/**
 * Returns a complete HTML page. The icon is empty and inline, so that a browser requests nothing
 * but the page.
 */
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

/** Returns a page with a heading and a sentence, used for refusals and errors. */
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

/** Draws a bottle in the colour of its wine. */
export function bottle(kind: WineKind): Markup {
  return markup`<svg class="bottle" viewBox="0 0 60 180" aria-hidden="true">
<path d="M24 4h12v46c0 12 14 16 14 36v82c0 6-4 8-8 8H18c-4 0-8-2-8-8V86c0-20 14-24 14-36z" fill="${GLASS[kind]}"/>
<rect x="23" y="2" width="14" height="22" rx="2" fill="#2b2320"/>
<rect x="12" y="98" width="36" height="48" fill="#faf6f0"/>
<path d="M17 110h26M17 119h26M17 128h16" stroke="#7a1f3d" stroke-width="2"/>
</svg>`
}
