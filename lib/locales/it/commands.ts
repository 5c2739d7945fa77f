import type { commandWords as english } from '../en/commands.ts'
import { pluralFor } from '../plural.ts'

const plural = pluralFor('it-IT')

const START_IT = 'Avvialo con: automate-tui (senza schermate: automate-tui --no-tui)'

/** Texts that the commands of the command line print. */
export const commandWords: typeof english = {
  commands: {
    noJobs: 'Nessun lavoro.',
    jobColumns: {
      job: 'lavoro',
      workflow: 'procedura',
      state: 'stato',
      priority: 'priorità',
      workers: 'worker',
      attempt: 'tentativo',
      queued: 'accodato',
      ended: 'finito',
      error: 'errore',
    },
    queued: id => `Il lavoro ${id} è in coda.`,
    unlistedProxy: (id, proxy) =>
      `La configurazione attuale non elenca il proxy ${proxy}. Il lavoro ${id} fallisce all'avvio, a meno che lo scheduler che lo avvia non abbia questo proxy. I proxy sono elencati da: automate-tui proxies`,
    waitsFor: (id, others) => `Il lavoro ${id} aspetta ${others}.`,
    keyKnown: (id, state) => `Il lavoro ${id} ha già questa chiave. Il suo stato: ${state}.`,
    stopping: id => `Il lavoro ${id} viene fermato.`,
    cancelled: id => `Il lavoro ${id} è annullato.`,
    prioritised: (id, priority) => `La priorità del lavoro ${id} è ${priority}.`,
    queuedAgain: id => `Il lavoro ${id} è di nuovo in coda.`,
    deadQueuedAgain: plural({
      one: '# lavoro fallito o accantonato è di nuovo in coda.',
      other: '# lavori falliti o accantonati sono di nuovo in coda.',
    }),
    keyTaken: jobs => `Non ripetuti: ${jobs}. La loro chiave è ora di un altro lavoro.`,
    listCut: plural({
      one: 'Ce ne sono altri: è elencato solo il più recente. --limit <n> ne elenca di più.',
      other: 'Ce ne sono altri: sono elencati solo i # più recenti. --limit <n> ne elenca di più.',
    }),
    noCrashes: 'Nessun guasto.',
    noLogLines: 'Nessuna riga nei registri di oggi.',
    bundleIsIn: file =>
      `L'archivio è in ${file}. Non contiene segreti noti; controllalo prima di consegnarlo.`,
    crashColumns: {
      crash: 'guasto',
      at: 'quando',
      job: 'lavoro',
      workflow: 'procedura',
      phase: 'fase',
      error: 'errore',
      message: 'messaggio',
    },
    crashTitle: (id, when, job) => `Guasto ${id}  ${when}  ${job}`,
    crashJob: (id, workflow, attempt, member) =>
      `lavoro ${id} (${workflow}), tentativo ${attempt}, worker ${member}`,
    inPhase: phase => `in ${phase}`,
    outsidePhases: 'fuori dalle sue fasi',
    atUrl: url => `su ${url}`,
    atLine: place => `riga ${place}`,
    lastLines: 'Ultime righe:',
    openTrace: command => `Per aprire la traccia: ${command}`,
    noScheduler: 'In questo progetto non è ancora stato avviato uno scheduler.',
    startScheduler: START_IT,
    schedulerEnded:
      'Lo scheduler è terminato prima del lavoro. Questo comando aspetta il prossimo per mezzo minuto, poi esegue il lavoro direttamente.',
    othersRun: plural({
      one: 'Il lavoro è finito. # altro lavoro è ancora in corso in questo processo, che termina con esso.',
      other:
        'Il lavoro è finito. # altri lavori sono ancora in corso in questo processo, che termina con essi.',
    }),
    othersWait: plural({
      one: '# altro lavoro attende ancora uno scheduler.',
      other: '# altri lavori attendono ancora uno scheduler.',
    }),
    interrupted: `Nessuno scheduler attivo: i lavori indicati come in corso sono stati interrotti, e il prossimo scheduler li riprende. ${START_IT}`,
    noneSchedules: `Nessuno scheduler attivo: nessun lavoro parte. ${START_IT}`,
    schedulerLine: (phase, active, slots, heard) =>
      `Scheduler ${phase}, ${active} worker su ${slots}, ultimo segnale ${heard}`,
    schedulerReplaced: (own, installed) =>
      installed === null
        ? `Il pacchetto di automate-tui ${own}, che è in esecuzione, è in corso di sostituzione oppure è stato rimosso: nessun lavoro parte finché il pacchetto non è di nuovo completo. Dopo dieci minuti senza pacchetto lo scheduler invia una notifica e termina.`
        : `Al posto di automate-tui ${own}, ancora in esecuzione, è stato installato ${installed}. Nessun lavoro parte finché lo scheduler non si riavvia; prima finiscono i lavori in corso.`,
    schedulerSilent: duration =>
      `Attenzione: lo scheduler non risponde da ${duration}. È bloccato, o il suo processo è sospeso. "automate-tui logs" ne mostra le ultime righe.`,
    schedulerAnswers: 'Lo scheduler risponde di nuovo.',
    schedulerUnwritten: why =>
      `Attenzione: lo scheduler risponde, ma non può scrivere il suo stato: ${why}. I dati mostrati dello scheduler e dei worker possono essere vecchi. Verifica che il disco del progetto funzioni, abbia spazio e non sia montato in sola lettura, e che nessuna quota sia esaurita.`,
    schedulerWrites: 'Lo scheduler scrive di nuovo il suo stato.',
    jobsWait: why => `Un lavoro ${why}.`,
    missingLeft: workflows =>
      `Lavori rimasti in coda, perché le loro procedure non sono caricabili: ${workflows}.`,
    parkedLeft: (jobs, more, waiting) =>
      `Lavori rimasti, perché accantonati: ${jobs}${more === 0 ? '' : ` e altri ${more}`}. Ognuno era in corso quando il suo scheduler è morto, più volte. Leggi i loro registri, poi "automate-tui retry <lavoro>", oppure "automate-tui cancel <lavoro>".${waiting === 0 ? '' : ` Ancora in coda: ${waiting}.`}`,
    jobsLine: counts => `Lavori: ${counts}`,
    useLine: (memory, cpu, most) =>
      `Tutti i processi: ${memory}, ${cpu} (massimo nell'ultimo giorno: ${most})`,
    lateLine: plural({
      one: '# rapporto tardivo, contato e non applicato',
      other: '# rapporti tardivi, contati e non applicati',
    }),
    holdLine: (domain, status, until) =>
      `Il dominio ${domain} chiede di aspettare (${status}) fino alle ${until}`,
    moreHolds: plural({
      one: 'e # altro dominio chiede di aspettare',
      other: 'e altri # domini chiedono di aspettare',
    }),
    serviceLine: (name, state) => `Servizio ${name}: ${state}`,
    workerLine: (id, job, state, phase) =>
      job === null ? `Worker ${id}: ${state}` : `Worker ${id}: lavoro ${job} ${state} ${phase}`,
    serviceColumns: {
      service: 'servizio',
      wanted: 'richiesto',
      is: 'stato',
      since: 'da',
      restarts: 'riavvii',
    },
    wished: {
      start: name => `Servizio ${name}: avvio richiesto.`,
      stop: name => `Servizio ${name}: arresto richiesto.`,
      restart: name => `Servizio ${name}: riavvio richiesto.`,
    },
    ended: (id, state, why) => `Lavoro ${id} ${state}${why === '' ? '.' : `: ${why}`}`,
    schedulerPaused:
      'Lo scheduler è in pausa e non avvia lavori. Fallo riprendere con: automate-tui services start scheduler',
    jobFields: {
      job: 'lavoro',
      workflow: 'procedura',
      state: 'stato',
      why: 'perché',
      next: 'rimedio',
      attempt: 'tentativo',
      after: 'dopo',
      afterJobs: (jobs, ifFailed) =>
        `${jobs} (se uno fallisce: ${ifFailed === 'cancel' ? 'annullato con quello' : 'parte lo stesso'})`,
      queued: 'accodato',
      started: 'avviato',
      ended: 'finito',
      input: 'dati',
      result: 'risultato',
      error: 'errore',
      late: 'rapporti tardivi',
      lateCount: count => `${count}, non applicati`,
    },
    stopped: 'Fermato.',
    screenshot: path => `Immagine della pagina: ${path}`,
    trace: command => `Traccia: ${command}`,
    copied: file => `Il database è stato copiato in ${file}.`,
    restored: file => `Il database è stato ripristinato da ${file}.`,
    newestInBackup: moment => `La voce più recente della copia di riserva è di ${moment}.`,
    emptyDatabase: 'Il progetto ha un nuovo database vuoto.',
    setAside: path => `Il database precedente è conservato come ${path}.`,
    lostSince: what => `Il database precedente ha in più rispetto alla copia: ${what}.`,
    nothingLost:
      'Il database precedente non ha lavori, rapporti di guasto o accessi in più rispetto alla copia.',
    lossUnknown:
      'I dati che mancano alla copia non si possono contare, perché il database precedente non è leggibile.',
    lost: {
      jobsQueued: plural({ one: '# lavoro in coda', other: '# lavori in coda' }),
      jobsEnded: plural({ one: 'la fine di # lavoro', other: 'la fine di # lavori' }),
      crashReports: plural({ one: '# rapporto di guasto', other: '# rapporti di guasto' }),
      logins: plural({ one: '# accesso salvato', other: '# accessi salvati' }),
    },
    vacuumed: (before, after) => `Il database occupava ${before} e ora occupa ${after}.`,
    checked: {
      none: 'Il database non esiste ancora.',
      intact: 'Il database è integro.',
      problems: plural({
        one: 'Il database ha # problema:',
        other: 'Il database ha # problemi:',
      }),
      damaged: 'Ripristina una copia di riserva con "automate-tui db restore <file>".',
      file: (path, size) => `File: ${path}, ${size}`,
      made: (migration, sqlite, journal) => `Migrazione ${migration}, SQLite ${sqlite}, journal ${journal}`,
    },
    project: root => `Progetto ${root}`,
    configColumns: {
      setting: 'impostazione',
      value: 'valore',
      from: 'da',
      environment: "nell'ambiente",
    },
    unset: { browser: 'automatico', language: "quella dell'ambiente", none: 'nessuno' },
    changeColumn: 'una modifica vale',
    takesEffect: { 'at-once': 'subito', 'after-restart': 'dopo un riavvio' },
    source: {
      flag: 'opzione',
      environment: 'ambiente',
      '.env': '.env',
      operator: 'operatore',
      file: 'file',
      default: 'predefinito',
    },
    neverIdle: (commands: string) =>
      `--until-idle non termina finché una procedura continua è in corso. Per fermarlo: ${commands}`,
    draining:
      "In arresto: nessun nuovo lavoro parte, i lavori in corso possono finire. Ripeti l'arresto per fermarli subito.",
    resultUntold: (job, why) =>
      `Il risultato del lavoro ${job} non è leggibile: ${why} Per vederlo: automate-tui jobs ${job}`,
    noTerminal: 'Nessun terminale: righe semplici al posto delle schermate.',
    demoSite: url => `Il sito della demo: ${url}`,
    demoSiteAlone: 'Il sito della demo, fino a Ctrl+C:',
    demoStays: root => `Il progetto della demo resta in ${root}`,
  },
  autostart: {
    installed: (name, place) =>
      `Servizio ${name} installato (${place}) e avviato. Si avvia insieme alla macchina.`,
    installedOnly: (name, place) => `Servizio ${name} installato (${place}). Si avvia insieme alla macchina.`,
    takesOver: pid =>
      `Qui c'è già uno scheduler in funzione (processo ${pid}): il servizio subentra quando questo termina.`,
    runsWithout: pid => `Qui è in funzione uno scheduler fuori dal servizio (processo ${pid}).`,
    removing: limit => `Arresto del servizio: i lavori in corso possono finire, entro ${limit}.`,
    byHand: command => `Perché funzioni anche quando non sei collegato: ${command}`,
    uninstalled: name => `Servizio ${name} rimosso.`,
    notInstalled:
      'Questo progetto non è un servizio di questa macchina. Lo diventa con "automate-tui autostart enable".',
    is: (name, state, place) => `Servizio ${name}: ${state} (${place})`,
    startAgain: 'Il servizio non è in funzione. Riavvialo con "automate-tui autostart enable".',
  },
  scaffold: {
    made: root => `Il progetto è in ${root}:`,
    added: name => `Procedura ${name} aggiunta:`,
    kept: path => `  ${path} esisteva già e non è stato modificato.`,
    ignore: (path, lines) => `  ${path} esisteva già e non è stato modificato. Righe da aggiungere: ${lines}`,
    next: 'Prossimi passi:',
    does: {
      run: 'esegue una volta la procedura',
      test: 'ne esegue il test',
      console: 'la console: avvia i lavori e mostra che cosa fa ogni worker',
    },
  },
}
