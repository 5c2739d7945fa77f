/** Most nodes, and most characters of texts, attributes and style sheets, that one snapshot takes. */
const LIMITS = { nodes: 15_000, characters: 1_500_000 }

/**
 * The expression that the page evaluates, in a world of its own, to give its document as the trace format wants it: nested arrays of a node's name, attributes and
 * children. Scripts are left out, and so is what stands under a name that says that it is a secret; style sheets that the page may read are written out, since the trace holds no bodies of requests. What stands in password
 * fields, and in fields that say that they hold a token or a card, is left out in the page already. A text that exceeds the limit is left out as a whole, because half of a secret would not be found.
 */
export const SNAPSHOT_EXPRESSION = `(() => {
  const limits = ${JSON.stringify(LIMITS)}
  const leftOut = new Set(['SCRIPT', 'NOSCRIPT', 'TEMPLATE'])
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
  const attributesOf = element => {
    const attributes = {}
    for (const { name, value } of element.attributes) {
      if (!name.startsWith('on') && name !== 'integrity' && !secretName.test(name)) attributes[name] = text(value)
    }
    const name = element.nodeName
    if (name === 'META' && secretName.test(element.name || '')) delete attributes.content
    if (name === 'INPUT' || name === 'TEXTAREA' || name === 'SELECT' || name === 'BUTTON') {
      if (isSecret(element)) delete attributes.value
      else if (name === 'TEXTAREA' || (name === 'INPUT' && element.type !== 'file')) {
        attributes.__playwright_value_ = text(String(element.value))
      }
      if (name === 'INPUT' && (element.type === 'checkbox' || element.type === 'radio')) {
        attributes.__playwright_checked_ = element.checked ? 'true' : 'false'
      }
    }
    if (name === 'OPTION') attributes.__playwright_selected_ = element.selected ? 'true' : 'false'
    if (element.scrollTop) attributes.__playwright_scroll_top_ = String(element.scrollTop)
    if (element.scrollLeft) attributes.__playwright_scroll_left_ = String(element.scrollLeft)
    return attributes
  }
  const styleNode = css => {
    nodes += 2
    return ['STYLE', {}, text(css)]
  }
  const childrenOf = (parent, within) => {
    const result = []
    for (const child of parent.childNodes) {
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
    if (node.nodeType === 3) {
      if (within === 'TEXTAREA') return undefined
      nodes += 1
      return text(node.nodeValue)
    }
    if (node.nodeType !== 1) return undefined
    const name = node.nodeName
    if (leftOut.has(name)) return undefined
    if (name === 'STYLE' || (name === 'LINK' && node.sheet)) {
      const css = node.sheet ? cssOf(node.sheet) : undefined
      if (css !== undefined) return styleNode(css)
    }
    const children = []
    if (node.shadowRoot) {
      const inside = childrenOf(node.shadowRoot, 'SHADOW')
      for (const sheet of node.shadowRoot.adoptedStyleSheets) inside.push(styleNode(cssOf(sheet) || ''))
      nodes += 1
      children.push(['template', { __playwright_shadow_root_: 'true' }, ...inside])
    }
    children.push(...childrenOf(node, name))
    if (name === 'HEAD') {
      for (const sheet of document.adoptedStyleSheets) children.push(styleNode(cssOf(sheet) || ''))
    }
    nodes += 1
    return [name, attributesOf(node), ...children]
  }
  if (!document.documentElement) return undefined
  const html = visit(document.documentElement, '')
  return {
    html,
    nodes,
    cut,
    doctype: document.doctype ? document.doctype.name : '',
    url: location.href,
    viewport: { width: innerWidth, height: innerHeight },
  }
})()`
