/**
 * Limits for the check of an address's scheme in an attribute. At most `most` characters are
 * searched. In a longer value, at least `fewest` of these characters must remain without those that
 * parsers skip, because a page can put any number of such characters before a scheme and into it.
 */
const BEGINNING = { most: 1_000, fewest: 100 }

/**
 * Maximum number of nodes, and of characters in texts, attributes and style sheets, in one
 * snapshot.
 */
const LIMITS = { nodes: 15_000, characters: 1_500_000 }

/**
 * Expression that the page evaluates in an isolated world, to return its document in the trace
 * format: nested arrays of a node's name, attributes and children.
 *
 * A viewer writes the document as HTML, so names are compared in lower case and without their
 * namespace. Parts that could run in the viewer, or lead out of the snapshot, are omitted: scripts,
 * handlers, the content of frames, addresses of scripts, animations, refreshes. Markup in the texts
 * of styles stays, because `withHarmlessStyles` escapes it after their redaction. Style sheets that
 * the page may read are written out, because the trace has no bodies of requests.
 *
 * Attributes with a name that suggests a secret are omitted. Values of password fields, and of
 * fields that declare a token or a card, never leave the page. A text that exceeds the limit is
 * omitted as a whole, because half of a secret would not be found.
 */
export const SNAPSHOT_EXPRESSION = `(() => {
  const limits = ${JSON.stringify(LIMITS)}
  const beginning = ${JSON.stringify(BEGINNING)}
  const leftOut = new Set([
    ...['script', 'noscript', 'template', 'base', 'applet'],
    ...['set', 'animate', 'animatemotion', 'animatetransform'],
  ])
  const frames = new Set(['iframe', 'frame', 'object', 'embed', 'fencedframe', 'portal'])
  const ofFrames = new Set(['src', 'data', 'classid', 'codebase', 'code', 'archive'])
  const openings = new Set(['href', 'xlink:href', 'action', 'formaction'])
  const drawings = new Set(['image', 'feimage', 'use', 'link'])
  const runs = /^(?:javascript|vbscript|livescript):|^data:(?:text\\/(?:html|xml)|application\\/(?:xhtml\\+xml|xml))/i
  // A field of a form, or a form, can stand in the place of a property of the same name.
  const read = (prototype, property) => {
    const { get } = Object.getOwnPropertyDescriptor(prototype, property)
    return node => get.call(node)
  }
  const nodeTypeOf = read(Node.prototype, 'nodeType')
  const nodeNameOf = read(Node.prototype, 'nodeName')
  const nodesIn = read(Node.prototype, 'childNodes')
  const localNameOf = read(Element.prototype, 'localName')
  const attributesIn = read(Element.prototype, 'attributes')
  const shadowOf = read(Element.prototype, 'shadowRoot')
  const scrollTopOf = read(Element.prototype, 'scrollTop')
  const scrollLeftOf = read(Element.prototype, 'scrollLeft')
  const rootOf = read(Document.prototype, 'documentElement')
  const doctypeOf = read(Document.prototype, 'doctype')
  const adoptedBy = read(Document.prototype, 'adoptedStyleSheets')
  const plainName = /^[a-z][^\\s"'\`<>/=\\0]*$/i
  const secretName = /token|secret|passw|pwd|csrf|xsrf|auth(?!or)|session|nonce|otp|cvc|cvv|card.?num|iban|ssn|api.?key|credential|jwt/i
  const secretUse = /password|one-time-code|cc-number|cc-csc/
  let nodes = 0
  let characters = 0
  let cut = false
  const text = value => {
    if (value.length > limits.characters - characters) {
      cut = true
      return ''
    }
    characters += value.length
    return value
  }
  const cssOf = sheet => {
    try {
      return [...sheet.cssRules].map(rule => rule.cssText).join('\\n')
    } catch {
      return undefined
    }
  }
  const isSecret = field =>
    field.type === 'password' ||
    secretUse.test(field.autocomplete || '') ||
    secretName.test(field.name || '') ||
    secretName.test(field.id || '')
  // Parsers of addresses pass over spaces and control characters.
  const mayRun = (element, name, value) => {
    const significant = value.slice(0, beginning.most).replace(/[\\0-\\x20\\x7f-\\xa0]+/g, '')
    const isHidden = value.length > beginning.most && significant.length < beginning.fewest
    // A picture runs no script, and a document does, which a link or a form opens.
    const opens = openings.has(name) && !drawings.has(element) && /^data:/i.test(significant)
    return isHidden || opens || runs.test(significant)
  }
  const isLeftOut = (element, attribute, value) => {
    const name = attribute.toLowerCase()
    return (
      !/^[^\\s"'\`<>/=\\0]+$/.test(name) ||
      /^(?:.*:)?on/.test(name) ||
      /^__playwright/.test(name) ||
      name === 'integrity' ||
      name === 'srcdoc' ||
      (frames.has(element) && ofFrames.has(name)) ||
      secretName.test(name) ||
      mayRun(element, name, value)
    )
  }
  const attributesOf = (element, local) => {
    const attributes = {}
    const own = [...attributesIn(element)]
    for (const { name, value } of own) {
      if (!isLeftOut(local, name, value)) attributes[name] = text(value)
    }
    if (local === 'meta' && own.some(({ name }) => name.toLowerCase() === 'http-equiv')) return {}
    const name = local.toUpperCase()
    if (name === 'META' && secretName.test(element.name || '')) delete attributes.content
    if (name === 'INPUT' || name === 'TEXTAREA' || name === 'SELECT' || name === 'BUTTON') {
      if (isSecret(element)) delete attributes.value
      else if (name === 'TEXTAREA' || (name === 'INPUT' && element.type !== 'file')) {
        if (typeof element.value === 'string') attributes.__playwright_value_ = text(element.value)
      }
      if (name === 'INPUT' && (element.type === 'checkbox' || element.type === 'radio')) {
        attributes.__playwright_checked_ = element.checked ? 'true' : 'false'
      }
    }
    if (name === 'OPTION') attributes.__playwright_selected_ = element.selected ? 'true' : 'false'
    if (scrollTopOf(element)) attributes.__playwright_scroll_top_ = String(scrollTopOf(element))
    if (scrollLeftOf(element)) attributes.__playwright_scroll_left_ = String(scrollLeftOf(element))
    return attributes
  }
  const styleNode = css => {
    nodes += 2
    return ['STYLE', {}, text(css)]
  }
  const childrenOf = (parent, within) => {
    const result = []
    for (const child of nodesIn(parent)) {
      const seen = visit(child, within)
      if (seen !== undefined) result.push(seen)
    }
    return result
  }
  const visit = (node, within) => {
    if (nodes >= limits.nodes) {
      cut = true
      return undefined
    }
    if (nodeTypeOf(node) === 3) {
      if (within === 'textarea') return undefined
      nodes += 1
      return text(node.nodeValue)
    }
    if (nodeTypeOf(node) !== 1) return undefined
    const name = nodeNameOf(node)
    const local = localNameOf(node).toLowerCase()
    if (!plainName.test(name) || leftOut.has(local) || leftOut.has(name.toLowerCase())) return undefined
    if (local === 'style' || (local === 'link' && node.sheet)) {
      const css = node.sheet ? cssOf(node.sheet) : undefined
      if (css !== undefined) return styleNode(css)
    }
    const children = []
    const shadow = shadowOf(node)
    if (shadow) {
      const inside = childrenOf(shadow, 'shadow')
      for (const sheet of shadow.adoptedStyleSheets) inside.push(styleNode(cssOf(sheet) || ''))
      nodes += 1
      children.push(['template', { __playwright_shadow_root_: 'true' }, ...inside])
    }
    children.push(...childrenOf(node, local))
    if (local === 'head') {
      for (const sheet of adoptedBy(document)) children.push(styleNode(cssOf(sheet) || ''))
    }
    nodes += 1
    return [name, attributesOf(node, local), ...children]
  }
  const root = rootOf(document)
  if (!root) return undefined
  const html = visit(root, '')
  const doctype = doctypeOf(document)
  return {
    html,
    nodes,
    cut,
    doctype: doctype && plainName.test(doctype.name) ? doctype.name : '',
    url: location.href,
    viewport: { width: innerWidth, height: innerHeight },
  }
})()`
