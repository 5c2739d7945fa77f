import type { listWords as english } from '../en/lists.ts'
import { pluralFor } from '../plural.ts'
import { proxyFault } from './proxy-fault.ts'

const plural = pluralFor('it-IT')

/** Texts of the lists of tables, takeovers, proxies and logins. */
export const listWords: typeof english = {
  tables: {
    columns: {
      table: 'tabella',
      rows: 'righe',
      change: 'colonne modificabili',
      rights: 'operazioni sulle righe',
    },
    add: 'aggiunta',
    remove: 'rimozione',
    nothing: '-',
    noRows: 'Nessuna riga.',
    changed: (table, key) => `La riga ${key} di ${table} è stata modificata.`,
    added: (table, key) => `La riga ${key} è stata aggiunta a ${table}.`,
    removed: (table, key) => `La riga ${key} è stata rimossa da ${table}.`,
  },
  takeover: {
    none: 'Nessun worker aspetta una persona.',
    columns: { worker: 'worker', job: 'lavoro', waits: 'aspetta', since: 'da', until: 'fino a' },
    asked: {
      pause: worker => `Il worker ${worker} si ferma prima della prossima azione.`,
      answer: worker => `Il worker ${worker} prosegue con la risposta.`,
      given: worker =>
        `La risposta è stata consegnata al worker ${worker}, che non l'ha confermata. L'esito è in "automate-tui logs".`,
      resume: worker => `Il worker ${worker} prosegue.`,
      skip: worker => `Il worker ${worker} prosegue senza intervento.`,
      fail: worker => `La fase del worker ${worker} fallisce.`,
      input: worker => `Il worker ${worker} ha eseguito il comando sulla sua pagina.`,
      sent: worker =>
        `Il comando è stato inviato al worker ${worker}, che non l'ha confermato. L'esito è in "automate-tui logs".`,
      close: worker => `Il worker ${worker} chiude il suo browser.`,
    },
    typeNow: worker =>
      `Digita il testo per il worker ${worker}, poi premi Invio e Ctrl+D. Il testo digitato non viene mostrato.`,
    picture: (path, address) => `L'immagine è in ${path}. Mostra ${address}`,
  },
  proxies: {
    none: 'Non ci sono proxy: i browser escono direttamente. Imposta "proxies" in automate.config.ts.',
    columns: {
      proxy: 'Proxy',
      state: 'Stato',
      successes: 'Riusciti',
      failures: 'Falliti',
      uses: 'Usi',
      lastUsed: 'Ultimo uso',
      coolUntil: 'Non prima di',
      lastError: 'Ultimo errore',
    },
    testColumns: { proxy: 'Proxy', result: 'Esito', took: 'Tempo', why: 'Perché' },
    state: { healthy: 'sano', cooling: 'in pausa', trial: 'in prova' },
    probe: {
      works: 'funziona',
      refuses: 'rifiuta',
      answers: 'risponde con un errore',
      silent: 'non risponde',
      unreachable: 'irraggiungibile',
    },
    fault: proxyFault,
    waitReason: {
      reading: "aspetta l'elenco dei proxy, in corso di lettura",
      unread: trouble => `aspetta i proxy, che non è stato possibile leggere: ${trouble}`,
      cooling: plural({
        one: "aspetta un proxy: l'unico disponibile non ha funzionato e resta in pausa per un po'",
        other: "aspetta un proxy: tutti e # non hanno funzionato e restano in pausa per un po'",
      }),
      full: plural({
        one: "aspetta un proxy: l'unico disponibile serve già il massimo di worker",
        other: 'aspetta un proxy: dei #, quelli utilizzabili ora servono già il massimo di worker',
      }),
    },
  },
  sessions: {
    none: 'Nessun accesso salvato.',
    columns: { site: 'sito', account: 'account', saved: 'salvato', used: 'in uso' },
    usedBy: job => `dal lavoro ${job}`,
    forgotten: account => `L'accesso salvato di ${account} è stato rimosso.`,
  },
}
