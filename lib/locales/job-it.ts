import type { jobEn } from './job-en.ts'

export const jobIt: typeof jobEn = {
  input: 'Dati',
  result: 'Risultato',
  tries: 'Tentativi',
  priority: 'Priorità',
  workers: 'Worker insieme',
  due: 'Scadenza',
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
