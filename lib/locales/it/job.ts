import type { jobWords as english } from '../en/job.ts'

export const jobWords: typeof english = {
  input: 'Dati',
  result: 'Risultato',
  tries: 'Tentativi',
  priority: 'Priorità',
  workers: 'Worker paralleli',
  due: 'Previsto',
  ended: 'Finito',
  after: 'Dopo',
  proxy: 'Proxy',
  noProxy: 'nessuno',
  anyProxy: 'uno qualsiasi',
  proxyKey: key => `sempre lo stesso per ${key}`,
  proxiesFailed: proxies => `falliti: ${proxies}`,
  domains: 'Domini',
  key: 'Chiave',
  late: 'Rapporti tardivi',
  cancelAsked: 'da annullare',
}
