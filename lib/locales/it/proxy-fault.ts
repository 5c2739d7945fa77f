import type { proxyFault as english } from '../en/proxy-fault.ts'

/** Reasons why a proxy does not work. */
export const proxyFault: typeof english = {
  refuses: 'rifiuta il suo nome utente e la sua password (407): correggili in "proxies"',
  'no-login': 'vuole un nome utente e una password (407), e "proxies" non ne ha per lui',
  'not-admitted': 'non ammette questa macchina senza nome utente e password',
  'hangs-up': 'ha chiuso la connessione',
  silent: time => `non ha risposto entro ${time}`,
  unreachable: why => `non si raggiunge (${why})`,
  answered: (status, host) => `ha risposto ${status} per ${host}`,
  malformed: host => `ha passato per ${host} una risposta incompleta o malformata`,
}
