import { AutomateError } from '../lib/core/errors/errors.ts'
import { parseProxy } from '../lib/model/proxy/proxy-address.ts'
import { ProxyRequirement } from '../lib/model/proxy/proxy.ts'
import type { Project } from '../lib/app/project/project.ts'

/**
 * Parses `--proxy` and `--proxy-key`; undefined if both are absent.
 * @throws `usage` if they are invalid, or if an address contains credentials, because every user of
 * the machine can read command-line arguments.
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

/**
 * Returns the proxy that a job requires by name but that the project does not list; null if there
 * is none, or if the list cannot be read. The caller only warns, because a scheduler may have
 * another list.
 */
export async function unlistedProxy(
  { proxies }: Project,
  requirement: ProxyRequirement | undefined,
): Promise<string | null> {
  const use = requirement?.use
  if (use === undefined || use === 'never' || use === 'required') return null
  const listed = await proxies.list().catch(() => undefined)
  return listed?.some(({ id, server }) => id === use || server === use) === false ? use : null
}

function useOf(text: string): string {
  if (text === 'none') return 'never'
  if (text === 'any') return 'required'
  const address = /#[0-9a-f]{6}(?:-[0-9a-f]{8})?$/.exec(text)
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
