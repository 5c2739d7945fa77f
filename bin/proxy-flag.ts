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
    throw new AutomateError(
      'usage',
      '--proxy takes "none", "any", or a proxy that "automate-tui proxies" lists.',
    )
  }
  if (parsed.login === null) return `${parsed.server}${address?.[0] ?? ''}`
  throw new AutomateError(
    'usage',
    'The proxy behind --proxy has credentials, and everyone on this machine can read arguments. Put it into "proxies", and name it here without them.',
  )
}
