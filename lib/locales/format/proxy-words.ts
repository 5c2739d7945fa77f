import type { ProxyFault, ProxyHealth } from '../../model/proxy/proxy.ts'
import type { Catalogue } from '../en.ts'

type FaultWords = Catalogue['proxies']['fault']

const MS_A_SECOND = 1_000

/**
 * Returns a text about why a proxy does not work. A message of the operating system is not
 * translated.
 */
export function proxyFaultWords(fault: ProxyFault, words: FaultWords): string {
  switch (fault.kind) {
    case 'silent':
      return words.silent(`${fault.ms / MS_A_SECOND} s`)
    case 'unreachable':
      return words.unreachable(fault.why)
    case 'refuses':
    case 'no-login':
    case 'not-admitted':
    case 'hangs-up':
      return words[fault.kind]
  }
}

/**
 * Returns a text about why a proxy failed last. If the fault is not known, returns the stored
 * message, such as that of a workflow's own error.
 */
export const lastFailureWords = ({ lastFault, lastError }: ProxyHealth, words: FaultWords): string =>
  lastFault === null ? (lastError ?? '') : proxyFaultWords(lastFault, words)
