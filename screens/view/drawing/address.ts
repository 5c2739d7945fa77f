import type { Page } from '../page.ts'
import type { Row } from './row.ts'
import { cut, cutStart, textWidth } from './text.ts'

/** Matches the scheme, then the host with its port and without credentials, then the path. */
const PARTS = /^((?:blob:)?[a-z][a-z\d+.-]*:\/\/)(?:[^/?#]*@)?([^/?#]*)(.*)$/i

/** Minimum width of a cut path, in cells: the slash and the ellipsis. */
const LEAST_PATH = 2

/**
 * Returns the address of a page as one row that always contains the end of the host, because a site
 * can choose all labels of its host except the last ones. So a host that is too long is cut at its
 * left end, and a path at its right end. The host has a style of its own, because a path can look
 * like a host.
 */
export function addressRow(page: Page, address: string, width: number): Row {
  const [, scheme = '', host = '', path = ''] = PARTS.exec(address) ?? []
  if (host === '') return [page.span(cut(address, width))]
  const room = width - Math.min(LEAST_PATH, textWidth(path))
  const site = `${scheme}${host}`
  if (textWidth(site) > room) {
    const end = cutStart(site, room)
    return [
      page.span(end.slice(0, 1), 'warn'),
      page.span(end.slice(1), 'title'),
      page.span(cut(path, width - textWidth(end)), 'muted'),
    ]
  }
  return [
    page.span(scheme, 'muted'),
    page.span(host, 'title'),
    page.span(cut(path, width - textWidth(site)), 'muted'),
  ]
}
