import type { ProxyFault, ProxyHealth } from '../../model/proxy/proxy.ts'
import type { Catalogue } from '../en.ts'

type FaultWords = Catalogue['proxies']['fault']

const MS_A_SECOND = 1_000

/** Why a proxy does not work, in the words of a language; what the system says of it stays as it is. */
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

/** Why a proxy failed last. What is told by its text alone, such as a workflow's own error, stays as it is. */
export const lastFailureWords = ({ lastFault, lastError }: ProxyHealth, words: FaultWords): string =>
  lastFault === null ? (lastError ?? '') : proxyFaultWords(lastFault, words)
