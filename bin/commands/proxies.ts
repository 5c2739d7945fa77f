import { AutomateError } from '../../lib/core/errors/errors.ts'
import { proxyState } from '../../lib/model/proxy/proxy.ts'
import { probeProxy } from '../../lib/execution/proxy/probe-proxy.ts'
import type { Probe } from '../../lib/execution/proxy/probe-proxy.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { lastFailureWords, proxyFaultWords } from '../../lib/locales/format/proxy-words.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { localTime, printResult, table } from '../output/output.ts'
import { openProject, wordsOf } from '../../lib/app/project/project.ts'
import type { ProjectFlags } from '../../lib/app/project/project.ts'
import { proxyHealth } from '../../lib/app/project/project-settings.ts'
import { readStore } from '../../lib/app/project/with-store.ts'

/** Public page for a test without an address. Every working proxy can reach it. */
const TEST_TARGET = 'https://example.com/'
const TEST_LIMIT_MS = 10_000

/** Lists the proxies of the pool and their state, without credentials. */
export async function listProxies(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags, { readOnly: true })
  const { proxies: words } = wordsOf(project)
  const health = await readStore(project, store => proxyHealth(project, store))
  const now = Date.now()
  const rows = health.map(one => ({ ...one, state: proxyState(one, now) }))
  printResult(rows, json, list =>
    list.length === 0
      ? words.none
      : table(
          Object.values(words.columns),
          list.map(one => [
            one.id,
            words.state[one.state],
            one.successes,
            one.failures,
            one.uses,
            localTime(one.lastUsedAt),
            localTime(one.coolUntil),
            lastFailureWords(one, words.fault),
          ]),
        ),
  )
  return EXIT.done
}

/**
 * Makes a request through each proxy of the pool, all at the same time. Returns exit code 1 if a
 * proxy does not work.
 */
export async function testProxies(
  flags: ProjectFlags,
  address: string | undefined,
  json: boolean,
): Promise<ExitCode> {
  const target = targetOf(address ?? TEST_TARGET)
  const project = await openProject(flags, { readOnly: true })
  const { proxies: words } = wordsOf(project)
  const known = await project.proxies.list()
  const rows = await Promise.all(
    known.map(async proxy => ({ id: proxy.id, ...(await probeProxy(proxy, target, TEST_LIMIT_MS)) })),
  )
  printResult(rows, json, list =>
    list.length === 0
      ? words.none
      : table(
          Object.values(words.testColumns),
          list.map(({ id, ...probe }) => [
            id,
            words.probe[probe.state],
            `${probe.tookMs} ms`,
            whyOf(probe, target.host, words.fault),
          ]),
        ),
  )
  return rows.every(({ state }) => state === 'works') ? EXIT.done : EXIT.jobFailed
}

function whyOf(
  { state, status, why, fault }: Probe,
  host: string,
  words: Catalogue['proxies']['fault'],
): string {
  if (fault !== null) return proxyFaultWords(fault, words)
  if (state !== 'answers') return why
  return status === null ? words.malformed(host) : words.answered(status, host)
}

function targetOf(address: string): URL {
  if (/^https?:\/\//.test(address) && URL.canParse(address)) return new URL(address)
  throw new AutomateError('usage', `--url must be an address such as ${TEST_TARGET}, got "${address}".`)
}
