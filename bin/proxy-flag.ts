import { AutomateError } from '../lib/core/errors/errors.ts'
import { parseProxy } from '../lib/model/proxy/proxy-address.ts'
import { ProxyRequirement } from '../lib/model/proxy/proxy.ts'

/**
 * Parses `--proxy` and `--proxy-key`.
 * @throws `usage` if they are invalid or if an address has credentials, because every user of the
 * machine can read arguments.
 */
export function parseProxyFlag(
  proxy: string | undefined,
  key: string | undefined,
): ProxyRequirement | undefined {
  if (proxy === undefined && key === undefined) return undefined
  return ProxyRequirement.parse({
    ...(proxy === undefined ? {} : { use: useOf(proxy) }),
    ...(key === undefined ? {} : { key }),
  })
}

function useOf(text: string): string {
  if (text === 'none') return 'never'
  if (text === 'any') return 'required'
  const address = /#[0-9a-f]{6}$/.exec(text)
  const parsed = parseProxy(address === null ? text : text.slice(0, address.index))
  if ('problem' in parsed) {
    throw new AutomateError('usage', '--proxy must be "none", "any", or a proxy from "automate-tui proxies".')
  }
  if (parsed.login === null) return `${parsed.server}${address?.[0] ?? ''}`
  throw new AutomateError(
    'usage',
    'The value of --proxy contains credentials, which all users of this machine can read in the arguments. Put the proxy into "proxies", and pass it here without credentials.',
  )
}
