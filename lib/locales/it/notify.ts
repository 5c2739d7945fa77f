import type { notifyWords as english } from '../en/notify.ts'
import { pluralFor } from '../plural.ts'

const plural = pluralFor('it-IT')

export const notifyWords: typeof english = {
  state: {
    new: 'Nuovo guasto',
    back: 'Di nuovo guasto',
    repeated: 'Ancora guasto',
    final: 'Fallimento definitivo',
  },
  outcome: {
    retry: (jobs, count, left) =>
      count === 1
        ? `il lavoro ${jobs} sarà ritentato, tentativi rimasti: ${left}`
        : `i lavori ${jobs} saranno ritentati, tentativi rimasti: ${left}`,
    failed: (jobs, count) =>
      count === 1
        ? `il lavoro ${jobs} è fallito definitivamente`
        : `i lavori ${jobs} sono falliti definitivamente`,
    succeeded: (jobs, count) =>
      count === 1 ? `il lavoro ${jobs} è poi riuscito` : `i lavori ${jobs} sono poi riusciti`,
    cancelled: (jobs, count) =>
      count === 1 ? `il lavoro ${jobs} è stato annullato` : `i lavori ${jobs} sono stati annullati`,
  },
  headline: (project: string, what: string) => `${project}: ${what}`,
  failures: plural({ one: '# guasto', other: '# guasti' }),
  since: (failures: string, moment: string) => `${failures} dal ${moment}`,
  place: (job: string, workflow: string, workers: string, phase: string) =>
    `${job}, ${workflow}, ${workers}: ${phase}`,
  job: (id: number, attempt: number) => `lavoro ${id}${attempt === 1 ? '' : `, tentativo ${attempt}`}`,
  workers: (list: string, of: number) => `worker ${list} di ${of}`,
  noWorker: 'nessun worker',
  worker: (member: number, of: number) => `worker ${member} di ${of}`,
  outside: 'fuori dalle fasi',
  more: plural({ one: 'e # altro', other: 'e altri #' }),
  at: (frame: string) => `in ${frame}`,
  details: (crash: number) => `Dettagli: automate-tui crashes ${crash}`,
  mayRepeat:
    'Può essere una ripetizione: il worker è stato ucciso, o la connessione è caduta, durante la notifica.',
  asOf: moment => `Situazione del ${moment}. Prima non è stato possibile inviare il messaggio.`,
  recovered: (workflow: string) => `Risolto: ${workflow} riesce di nuovo`,
  after: (error: string, failures: string) => `dopo ${failures} con ${error}`,
  schedulerEnded: "L'ultimo scheduler è terminato senza arresto",
  consoleJobs: plural({ one: '# lavoro era in corso:', other: '# lavori erano in corso:' }),
  jobNow: (id: number, state: string) => `lavoro ${id} ${state}`,
  restartFailed: (from, to) => `Lo scheduler (${from}) non è riuscito a riavviarsi nella versione ${to}`,
  restartRemedy:
    'Nessun lavoro parte finché la versione installata non si avvia. Reinstallala, oppure torna alla versione precedente.',
  packageRemoved: version => `automate-tui ${version} è stato rimosso mentre lo scheduler era attivo`,
  packageRemedy: folder =>
    `Nessun lavoro può partire, perché ${folder} non esiste più. Installa di nuovo automate-tui e avvia lo scheduler da lì. Uno scheduler senza schermate termina dopo i lavori in corso.`,
  nothingRan: 'nessun lavoro era in corso',
  databaseDamaged: 'Il database è danneggiato: lo scheduler si è fermato',
  stoppedForDamage: path =>
    `${path} non è stato modificato, e nessun lavoro parte finché una persona non decide come proseguire.`,
  newestBackup: backup => `Copia di riserva integra più recente: ${backup}`,
  noBackup: "Nella cartella delle copie giornaliere non c'è alcuna copia di riserva integra.",
  backupsSilent: folder =>
    `La cartella delle copie giornaliere, ${folder}, non risponde. Può contenere una copia di riserva integra: rendila disponibile e controllala prima di decidere.`,
  backupsUnread: (folder, reason) =>
    `Le copie giornaliere in ${folder} non sono leggibili (${reason}). Tra queste può essercene una integra: rendile leggibili e controllale prima di decidere.`,
  databaseRemoved: 'Il database è stato rimosso o sostituito: lo scheduler si è fermato',
  stoppedForRemoval: path =>
    `${path} non è più il file che lo scheduler aveva aperto. I lavori che ora vi sono in coda non partono.`,
  copyOfRemoved: copy => `Una copia del contenuto del database: ${copy}`,
  noCopy: 'Non è stato possibile scrivere una copia del contenuto del database.',
  restoreOrNew: backup =>
    `Esegui automate-tui db restore ${backup ?? '<file>'}, oppure automate-tui db new per un database vuoto, poi riavvia automate-tui.`,
  workersFail: 'Impossibile avviare i worker: nessun lavoro parte',
  workflowMissing: workflow => `I lavori di ${workflow} aspettano: la procedura non è caricabile`,
  backupFailed: 'La copia di riserva giornaliera del database non è riuscita',
  backupRemedy: 'I lavori proseguono. Il tentativo si ripete ogni ora.',
  diskFull: 'Il disco è pieno: nessun lavoro parte',
  diskFree: (folder, freeMegabytes, neededMegabytes) =>
    `Sul disco di ${folder} restano ${freeMegabytes} MB. I lavori ripartono quando ce ne sono ${neededMegabytes} liberi; quelli in corso proseguono finché possono.`,
  diskRemedy:
    'Libera spazio, oppure riduci keepLogs, maxLogs, maxTraces o keepBackups. Il database si riduce con keepJobs e "automate-tui db vacuum".',
  diskRoom: "Sul disco c'è di nuovo spazio: i lavori ripartono normalmente",
  writesRefused: 'Il database non è scrivibile: nessun lavoro parte',
  writesResumed: 'Il database è di nuovo scrivibile: i lavori ripartono normalmente',
  projectUntrusted: 'Un altro utente può modificare il progetto: nessun lavoro parte',
  projectTrusted: 'Nessun altro utente può più modificare il progetto: i lavori ripartono normalmente',
  schedulerBug: 'Lo scheduler termina per un errore di automate-tui',
  startAgain: "Riavvialo: i lavori interrotti riprendono. Il suo registro indica il punto dell'errore.",
  test: 'Messaggio di prova: le notifiche arrivano qui',
  summary: plural({ one: '# notifica', other: '# notifiche' }),
  summarySince: (notices: string, moment: string) => `${notices} dal ${moment}`,
  channels: { telegram: 'Telegram', webhook: 'webhook', bell: 'suono' },
  remedy: {
    token:
      'Il token del bot è sbagliato. Imposta quello dato da @BotFather in .env o automate.config.ts: uno scheduler in funzione lo usa subito.',
    chat: 'Il bot non può scrivere in questa chat. Imposta un altro id, che uno scheduler in funzione usa subito; oppure scrivi /start al bot o aggiungilo al gruppo, poi esegui "automate-tui services restart notifier".',
    address:
      'Nessun servizio riceve messaggi a questo indirizzo. Imposta un altro "url", che uno scheduler in funzione usa subito; oppure correggi il servizio che riceve, poi esegui "automate-tui services restart notifier".',
    authorization:
      'Il webhook non accetta le credenziali. Imposta i suoi "headers" o "headersEnv", che uno scheduler in funzione usa subito; oppure correggi il servizio che riceve, poi esegui "automate-tui services restart notifier".',
    message:
      'Il messaggio stesso è stato rifiutato. Viene conservato e inviato di nuovo a ogni avvio del notifier, anche con il prossimo scheduler: se gestisci il servizio che lo riceve, correggilo, poi esegui "automate-tui services restart notifier".',
  },
  unreached: {
    ENOTFOUND: "nome non trovato: controlla l'indirizzo e la rete",
    EAI_AGAIN: 'risoluzione dei nomi non disponibile: controlla la rete',
    ECONNREFUSED: "nessun servizio in ascolto: controlla l'indirizzo e che il servizio sia attivo",
    ETIMEDOUT: 'non raggiungibile: controlla la rete e il firewall',
    ECONNRESET: 'la connessione è stata interrotta: controlla la rete, i proxy e i firewall',
  },
  waits: (channel: string, messages: string, why: string) => `${channel}: ${messages}: ${why}`,
  waiting: plural({ one: '# messaggio attende', other: '# messaggi attendono' }),
  refused: (channel: string, messages: string, why: string, remedy: string) =>
    `${channel}: ${messages}: ${why}. ${remedy}`,
  parked: plural({ one: '# messaggio rifiutato', other: '# messaggi rifiutati' }),
  columns: {
    channel: 'canale',
    sent: 'inviati',
    waiting: 'in attesa',
    refused: 'rifiutati',
    last: 'ultimo',
  },
  testColumns: { channel: 'canale', result: 'esito', why: 'perché' },
  result: { delivered: 'arrivato', later: 'non ora', refused: 'rifiutato' },
  none: 'Nessuna notifica: "notify" in automate.config.ts non indica alcun canale.',
}
