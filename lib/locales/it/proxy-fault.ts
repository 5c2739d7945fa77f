import type { proxyFault as english } from '../en/proxy-fault.ts'

/** Reasons why a proxy does not work. */
export const proxyFault: typeof english = {
  refuses: 'rifiuta nome utente e password (407): correggili in "proxies"',
  'no-login': 'richiede nome utente e password (407), che mancano in "proxies"',
  'not-admitted': 'non ammette questa macchina senza nome utente e password',
  'hangs-up': 'ha chiuso la connessione',
  silent: time => `non ha risposto entro ${time}`,
  unreachable: why => `irraggiungibile (${why})`,
  answered: (status, host) => `ha risposto ${status} per ${host}`,
  malformed: host => `ha restituito una risposta incompleta o non valida per ${host}`,
}
