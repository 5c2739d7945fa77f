import { messageOf } from '../../core/errors/errors.ts'
import { sanitiseLine } from '../../core/text/sanitise.ts'
import { probeProxy } from '../../execution/proxy/probe-proxy.ts'
import type { Probe } from '../../execution/proxy/probe-proxy.ts'
import { proxyFaultWords } from '../../locales/format/proxy-words.ts'
import { ok, problem, warning } from '../check.ts'
import type { Check } from '../check.ts'

/**
 * Target of the test tunnel. Nothing is sent through the tunnel. It shows that the proxy admits
 * this machine, even if the proxy cannot reach the site.
 */
const TARGET = new URL('https://example.com/')

/** Timeout for the test of a proxy. */
const LIMIT_MS = 5_000

/**
 * Maximum number of proxies to test. They are tested at the same time, so a provider's list of
 * thousands is not tested completely.
 */
const MOST = 32

const ADMITTED: ReadonlySet<Probe['state']> = new Set(['works', 'answers'])

/**
 * Checks that the project's proxies can be read, are reachable, and accept the configured
 * credentials.
 */
export const proxiesCheck: Check = {
  id: 'proxies',
  ofProject: true,
  async run({ words: { proxies: words }, project, configError }) {
    if (project === null || configError !== null) return warning(words.unknown, words.unknownRemedy)
    let proxies
    try {
      proxies = await project.proxies()
    } catch (error) {
      return problem(sanitiseLine(messageOf(error)), words.unreadableRemedy, 'configuration')
    }
    if (proxies.length === 0) return ok(words.none)
    const tried = proxies.slice(0, MOST)
    const probes = await Promise.all(
      tried.map(async proxy => ({ id: proxy.id, ...(await probeProxy(proxy, TARGET, LIMIT_MS)) })),
    )
    const bad = probes.filter(({ state }) => !ADMITTED.has(state))
    if (bad.length === 0) return ok(words.good(tried.length, proxies.length))
    const problems = bad
      .map(({ id, why, fault }) => `${id} ${fault === null ? why : proxyFaultWords(fault, words.fault)}`)
      .join('; ')
    if (bad.length < tried.length) return warning(problems, words.someRemedy)
    const kind = bad.every(({ state }) => state === 'refuses') ? 'configuration' : 'environment'
    return problem(problems, words.allRemedy, kind)
  },
}
