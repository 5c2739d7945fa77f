import { parseProxy } from '../domain/proxy-address.ts'
import type { Config, Setting } from './config.ts'

const HIDDEN = '•••'

/** The value of a setting as it may be shown: secrets are hidden, and what is not secret of them stays. JSON. */
export function publicValue(config: Config, setting: Setting): unknown {
  if (setting === 'credentials') {
    return config.credentials.map(({ password, ...rest }) =>
      password === undefined ? rest : { ...rest, password: HIDDEN },
    )
  }
  if (setting !== 'proxies') return config[setting]
  const { proxies } = config
  if (proxies.from === 'file') return proxies.file
  if (proxies.from === 'function') return 'function'
  return proxies.list.map(entry => {
    const proxy = parseProxy(entry)
    if ('problem' in proxy) return HIDDEN
    return proxy.login === null ? proxy.server : proxy.server.replace('://', `://${HIDDEN}@`)
  })
}
