import t from 'tap'
import { z } from 'zod'
import { SNAPSHOT_EXPRESSION } from '../../../lib/execution/trace/snapshot-script.ts'
import { withHarmlessStyles } from '../../../lib/execution/trace/dom-snapshots.ts'
import { guardedBrowser } from '../../helpers/sites/guarded-browser.ts'

const SVG = 'http://www.w3.org/2000/svg'
const XLINK = 'http://www.w3.org/1999/xlink'

/**
 * Ways in which a page puts code into its document. Each value is the body of a function of `root`.
 */
const WAYS: Readonly<Record<string, string>> = {
  'a handler': `root.innerHTML = '<img src=x onerror="ran()">'`,
  'a handler in capitals': `const svg = document.createElementNS('${SVG}', 'svg')
    svg.setAttributeNS(null, 'ONLOAD', 'ran()')
    root.append(svg)`,
  'a handler with a namespace': `const svg = document.createElementNS('${SVG}', 'svg')
    svg.setAttributeNS('${XLINK}', 'x:oNLoaD', 'ran()')
    root.append(svg)`,
  'a script': `root.innerHTML = '<script>ran()</' + 'script>'`,
  'a script of SVG': `root.innerHTML = '<svg><script>ran()</' + 'script></svg>'`,
  'a script of another namespace': `const script = document.createElementNS('urn:x', 'sCript')
    script.append('ran()')
    root.append(script)`,
  'a script with a prefix': `const script = document.createElementNS('urn:x', 'x:SCRIPT')
    script.append('ran()')
    root.append(script)`,
  'the content of a frame': `root.innerHTML = '<iframe srcdoc="<script>parent.ran()</' + 'script>"></iframe>'`,
  'the content of a frame in capitals': `const frame = document.createElementNS('urn:x', 'iframe')
    frame.setAttribute('SRCDOC', '<img src=x onerror="parent.ran()">')
    root.append(frame)`,
  ...Object.fromEntries(
    [
      ...['a href', 'area href', 'iframe src', 'form action', 'button formaction', 'input formaction'],
      ...['object data', 'embed src', 'video poster', 'img src', 'link href', 'body background', 'x y'],
    ].flatMap(place => {
      const [element = '', attribute = ''] = place.split(' ')
      return [
        'javascript:ran()',
        ' \\t\\u0001jAva\\nscr\\tipt\\r:ran()',
        'data:text/html,<script>ran()</script>',
      ].map((address): [string, string] => [
        `${address} in ${place}`,
        `const element = document.createElement('${element}')
           element.setAttribute('${attribute}', '${address.replace('</', "<' + '/")}')
           root.append(element)`,
      ])
    }),
  ),
  ...Object.fromEntries(
    ['form action', 'button formaction', 'a href'].flatMap(place => {
      const [element = '', attribute = ''] = place.split(' ')
      return [
        ["' '.repeat(1_001) + 'javascript:ran()'", 'spaces before an address'],
        ["'java' + '\\t'.repeat(2_000) + 'script:ran()'", 'tabs within an address'],
        ["'\\u0001'.repeat(990) + 'javascr' + '\\n'.repeat(100) + 'ipt:ran()'", 'both in an address'],
      ].map(([address = '', kind = '']): [string, string] => [
        `${kind} in ${place}`,
        `const element = document.createElement('${element}')
         element.setAttribute('${attribute}', ${address})
         root.append(element)`,
      ])
    }),
  ),
  ...Object.fromEntries(
    ['form action', 'button formaction', 'a href'].map((place): [string, string] => {
      const [element = '', attribute = ''] = place.split(' ')
      return [
        `a picture that is a document in ${place}`,
        `const element = document.createElement('${element}')
         const script = "<svg xmlns='${SVG}'><script>ran()</" + 'script></svg>'
         element.setAttribute('${attribute}', ' data:image/svg+xml,' + encodeURI(script))
         root.append(element)`,
      ]
    }),
  ),
  'an address of XLink': `root.innerHTML = '<svg><a><text>x</text></a></svg>'
    root.querySelector('a').setAttributeNS('${XLINK}', 'xlink:href', ' java\\tscript:ran()')`,
  'a frame of another namespace': `const frame = document.createElementNS('urn:x', 'iframe')
    frame.setAttribute('src', 'javascript:ran()')
    root.append(frame)`,
  'an animated address': `root.innerHTML =
    '<svg><a href="#"><animate attributeName="href" values="#;javascript:ran()"/><set attributeName="onload" to="ran()"/></a></svg>'`,
  'a refresh': `root.innerHTML = '<meta http-equiv="ReFresh" content="0; url=javascript:ran()">'`,
  'a base': `root.innerHTML = '<base href="javascript:ran()//"><base href="https://ran.example/">'`,
  'markup in a style': `root.innerHTML = '<style></style>'
    root.querySelector('style').append('a::before { content: "</st' + 'yle><img src=x onerror=ran()>" }')`,
  'markup in an unknown style': `root.innerHTML = '<style media=x type="text/x"></style>'
    root.querySelector('style').append('</sTYle><script>ran()<' + '/script>')`,
  'markup in pieces in an unknown style': `root.innerHTML = '<style media=x type="text/x"></style>'
    root.querySelector('style').append('<', '/style>', '<', 'img src=x onerror=ran()>')`,
  'markup in an adopted style': `const sheet = new CSSStyleSheet()
    sheet.replaceSync('a::before { content: "</st' + 'yle><img src=x onerror=ran()>" }')
    document.adoptedStyleSheets = [sheet]`,
  'markup in a style of SVG': `root.innerHTML = '<svg><style></style></svg>'
    root.querySelector('style').append('<img src=x onerror=ran()>')`,
  'a word of the viewer': `root.innerHTML = '<iframe __playwright_src__="javascript:ran()"></iframe>'`,
  'a script in a shadow': `root.attachShadow({ mode: 'open' }).innerHTML =
    '<svg ONLOAD="ran()"></svg><iframe srcdoc="<script>ran()</' + 'script>"></iframe>'`,
  'fields in the place of properties': `root.innerHTML =
    '<form onclick="ran()"><input name="attributes"><input name="childNodes"><input name="nodeName"><input name="localName"></form>'`,
}

type Node = string | readonly [string, Readonly<Record<string, string>>?, ...Node[]]
const SnapshotNode: z.ZodType<Node> = z.lazy(() =>
  z.union([
    z.string(),
    z.tuple([z.string()]),
    z.tuple([z.string(), z.record(z.string(), z.string())], SnapshotNode),
  ]),
)

/** Returns a snapshot as HTML, in the way of a viewer without any protection of its own. */
function written(node: Node, within = ''): string {
  if (typeof node === 'string') return /^style$/i.test(within) ? node : node.replace(/[&<]/g, escaped)
  const [name, attributes = {}, ...children] = node
  const own = Object.entries(attributes).map(
    ([attribute, value]) => ` ${attribute}="${value.replace(/[&<>"']/g, escaped)}"`,
  )
  return `<${name}${own.join('')}>${children.map(child => written(child, name)).join('')}</${name}>`
}

const escaped = (sign: string): string => `&#${sign.charCodeAt(0)};`

/** Clicks and submits all elements that allow it, and waits until the document is loaded. */
const TOUCHED = `new Promise(loaded => {
  for (const element of document.querySelectorAll('a, area, button, input')) element.click?.()
  for (const form of document.forms) HTMLFormElement.prototype.requestSubmit.call(form)
  if (document.readyState === 'complete') loaded()
  else addEventListener('load', loaded)
})`

t.test('a snapshot contains no script of the page in any form', async t => {
  const { page } = await guardedBrowser(t, null)
  const Taken = z.object({ html: z.unknown().transform(withHarmlessStyles).pipe(SnapshotNode) })
  const runs: string[] = []
  for (const [way, code] of Object.entries(WAYS)) {
    await page.goto('data:text/html,<body><main></main>')
    await page.evaluate(`globalThis.ran = () => undefined
      document.adoptedStyleSheets = []
      ;(root => { ${code} })(document.querySelector('main'))`)
    const { html } = Taken.parse(await page.evaluate(SNAPSHOT_EXPRESSION))
    // The text of a style remains, but not as markup.
    const hostile = way.startsWith('markup') ? /<[a-z/]/i : /ran\(\)|ran\.example/
    t.notMatch(JSON.stringify(html), hostile, way)
    const shown = await page.browserContext().newPage()
    try {
      await shown.exposeFunction('ran', () => void runs.push(way))
      await shown.setContent(written(html))
      await shown.evaluate(TOUCHED)
      t.match(shown.url(), /^about:blank(?:[?#]|$)/, `${way} does not navigate the snapshot`)
    } finally {
      await shown.close()
    }
  }
  t.strictSame(runs, [])
})

t.test('a snapshot keeps what the page shows', async t => {
  const { page } = await guardedBrowser(t, null)
  await page.goto(`data:text/html,<body><main></main>`)
  await page.evaluate(`document.querySelector('main').innerHTML = \`
    <style>@media (width < 9000px) { a::before { content: "a < b" } }</style>
    <a href="/shop?a=1" title="once" @click="x" :class="y" data-on="z">shop</a>
    <img src="data:image/svg+xml,<svg/>" alt="a picture">
    <svg viewBox="0 0 1 1"><use xlink:href="#a"></use><path d="M0"></path></svg>
    <form action="/buy" name="f"><input name="attributes" value="v"></form>
    <iframe name="inner"></iframe>\``)
  const snapshot = JSON.stringify(withHarmlessStyles(await page.evaluate(SNAPSHOT_EXPRESSION)))
  for (const part of [
    ...['"href":"/shop?a=1"', '"title":"once"', '"@click":"x"', '":class":"y"', '"data-on":"z"'],
    ...['"src":"data:image/svg+xml,<svg/>"', '"viewBox":"0 0 1 1"', '"xlink:href":"#a"', '"d":"M0"'],
    ...['"action":"/buy"', '"name":"f"', '"__playwright_value_":"v"', '["IFRAME",{"name":"inner"}]'],
    ...['(width < 9000px)', 'a < b'],
  ])
    t.ok(snapshot.includes(part), `${part} in ${snapshot}`)
})
