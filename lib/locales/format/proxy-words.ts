import type { ProxyFault, ProxyHealth } from '../../model/proxy/proxy.ts'
import type { Catalogue } from '../en.ts'

type FaultWords = Catalogue['proxies']['fault']

const MS_A_SECOND = 1_000

/**
 * Returns why a proxy does not work, in the words of a language. A text of the system stays
 * unchanged.
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
 * Returns why a proxy failed last. A failure with a text alone, such as a workflow's own error,
 * stays unchanged.
 */
export const lastFailureWords = ({ lastFault, lastError }: ProxyHealth, words: FaultWords): string =>
  lastFault === null ? (lastError ?? '') : proxyFaultWords(lastFault, words)
