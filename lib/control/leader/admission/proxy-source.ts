import type { Proxy } from '../../../model/proxy/proxy-address.ts'

/** Where the pool's proxies come from: the configuration, a file that may change, or a function of the project's. */
export interface ProxySource {
  /** False for a project without proxies: nothing is then asked of it. */
  readonly configured: boolean
  /** The proxies there are now. Thrown: whatever keeps them from being read, with code `config-invalid` where a person must put it right. */
  list(): Promise<readonly Proxy[]>
}
