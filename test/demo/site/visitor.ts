/** Response to a request. */
export interface Visit {
  readonly status: number
  /** Path and query of the final page, after redirects. */
  readonly path: string
  readonly body: string
  readonly headers: Headers
}

/** Browser without a screen, for these tests. Keeps cookies and follows redirects. */
export class Visitor {
  private readonly cookies = new Map<string, string>()
  private readonly url: string

  constructor(url: string) {
    this.url = url
  }

  get(path: string): Promise<Visit> {
    return this.request(path)
  }

  post(path: string, fields: Record<string, string> = {}): Promise<Visit> {
    return this.request(path, new URLSearchParams(fields))
  }

  signIn(username = 'operator', password = 'red-or-white', next = '/account'): Promise<Visit> {
    return this.post('/account/login', { username, password, next })
  }

  private async request(path: string, form?: URLSearchParams): Promise<Visit> {
    const response = await fetch(new URL(path, this.url), {
      redirect: 'manual',
      headers: { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (name !== undefined && value !== undefined) this.cookies.set(name, value)
    }
    const body = await response.text()
    const location = response.headers.get('location')
    return location === null
      ? { status: response.status, path, body, headers: response.headers }
      : this.request(location)
  }
}

/** Returns the values of every `data.price` of a page, in cents. */
export function pricesOf(body: string): readonly number[] {
  return [...body.matchAll(/<data class="price" value="(\d+)">/g)].map(match => Number(match[1]))
}

/** Returns the slugs of a page's items, in order. */
export function itemsOf(body: string): readonly string[] {
  return [...body.matchAll(/data-item="([^"]+)"/g)].map(match => match[1] ?? '')
}
