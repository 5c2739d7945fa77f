import type { commandWords as english } from '../en/commands.ts'
import { pluralFor } from '../plural.ts'

const plural = pluralFor('it-IT')

const START_IT = 'Si avvia con: automate-tui (senza schermate: automate-tui --no-tui)'

/** Output of the commands of the command line. */
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
      queued: 'in coda da',
      ended: 'finito',
      error: 'errore',
    },
    queued: id => `Il lavoro ${id} è in coda.`,
    waitsFor: (id, others) => `Il lavoro ${id} aspetta ${others}.`,
    keyKnown: (id, state) => `Il lavoro ${id} ha già questa chiave. Il suo stato: ${state}.`,
    stopping: id => `Il lavoro ${id} viene fermato.`,
    cancelled: id => `Il lavoro ${id} è annullato.`,
    prioritised: (id, priority) => `La priorità del lavoro ${id} è ${priority}.`,
    queuedAgain: id => `Il lavoro ${id} è di nuovo in coda.`,
    deadQueuedAgain: plural({
      one: '# lavoro morto è di nuovo in coda.',
      other: '# lavori morti sono di nuovo in coda.',
    }),
    keyTaken: jobs => `Non ${jobs}: la chiave è ora di un altro lavoro.`,
    listCut: plural({
      one: 'Ce ne sono altri: è elencato solo il più recente. --limit <n> ne elenca di più.',
      other: 'Ce ne sono altri: sono elencati solo i # più recenti. --limit <n> ne elenca di più.',
    }),
    noCrashes: 'Nessun guasto.',
    noLogLines: 'Oggi nessuna riga nei registri, per ora.',
    bundleIsIn: file =>
      `Il pacchetto è in ${file}. Non contiene segreti noti; guardalo prima di consegnarlo.`,
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
    noScheduler: 'Qui non è ancora stato attivo alcuno scheduler.',
    startScheduler: START_IT,
    schedulerEnded:
      'Lo scheduler è terminato prima del lavoro. Questo comando aspetta il prossimo per mezzo minuto, poi esegue il lavoro da sé.',
    othersRun: plural({
      one: 'Il lavoro è finito. # altro lavoro è ancora in corso in questo processo, che termina con esso.',
      other:
        'Il lavoro è finito. # altri lavori sono ancora in corso in questo processo, che termina con essi.',
    }),
    othersWait: plural({
      one: '# altro lavoro attende ancora uno scheduler.',
      other: '# altri lavori attendono ancora uno scheduler.',
    }),
    interrupted: `Nessuno scheduler è attivo: i lavori indicati come in corso sono stati interrotti e li riprende il prossimo scheduler. ${START_IT}`,
    noneSchedules: `Ora non è attivo alcuno scheduler: finché manca, niente parte. ${START_IT}`,
    schedulerLine: (phase, active, slots, heard) =>
      `Scheduler ${phase}, ${active} worker su ${slots}, ultimo segno ${heard}`,
    schedulerReplaced: (own, installed) =>
      installed === null
        ? `Il pacchetto di automate-tui ${own}, che è in esecuzione, viene sostituito oppure è stato rimosso: nessun lavoro parte finché non è di nuovo completo. Dopo dieci minuti senza pacchetto lo scheduler invia una notifica e termina.`
        : `Al posto di automate-tui ${own}, ancora in esecuzione, è stato installato ${installed}. Nessun lavoro parte finché lo scheduler non si riavvia; prima finiscono i lavori in corso.`,
    schedulerSilent: duration =>
      `Attenzione: lo scheduler non risponde da ${duration}. È bloccato, o il suo processo è sospeso. "automate-tui logs" ne mostra le ultime righe.`,
    schedulerAnswers: 'Lo scheduler risponde di nuovo.',
    schedulerUnwritten: why =>
      `Attenzione: lo scheduler risponde, ma non può scrivere il suo stato: ${why}. Ciò che si vede di lui e dei suoi worker può essere vecchio. Verificare che il disco del progetto funzioni, abbia spazio e non sia montato in sola lettura, e che nessuna quota sia esaurita.`,
    schedulerWrites: 'Lo scheduler scrive di nuovo il suo stato.',
    jobsWait: why => `Un lavoro ${why}.`,
    missingLeft: workflows =>
      `Restano dei lavori, perché le loro procedure non si possono caricare: ${workflows}. Rimangono in coda.`,
    parkedLeft: (jobs, more, waiting) =>
      `Restano dei lavori, perché sono accantonati: ${jobs}${more === 0 ? '' : ` e altri ${more}`}. Ognuno era in corso quando il suo scheduler è morto, più volte. Si leggano i loro log, poi "automate-tui retry <lavoro>", oppure "automate-tui cancel <lavoro>".${waiting === 0 ? '' : ` Ancora in coda: ${waiting}.`}`,
    jobsLine: counts => `Lavori: ${counts}`,
    useLine: (memory, cpu, most) =>
      `Tutti i processi: ${memory}, ${cpu} (massimo nell'ultimo giorno: ${most})`,
    lateLine: plural({
      one: '# rapporto tardivo, contato e non applicato',
      other: '# rapporti tardivi, contati e non applicati',
    }),
    holdLine: (domain, status, until) =>
      `Il dominio ${domain} chiede di essere lasciato in pace (${status}) fino alle ${until}`,
    moreHolds: plural({
      one: 'e # altro dominio chiede di essere lasciato in pace',
      other: 'e altri # domini chiedono di essere lasciati in pace',
    }),
    serviceLine: (name, state) => `Servizio ${name}: ${state}`,
    workerLine: (id, job, state, phase) =>
      job === null ? `Worker ${id}: ${state}` : `Worker ${id}: lavoro ${job} ${state} ${phase}`,
    serviceColumns: { service: 'servizio', wanted: 'voluto', is: 'è', since: 'da', restarts: 'riavvii' },
    wished: {
      start: name => `Servizio ${name}: avvio richiesto.`,
      stop: name => `Servizio ${name}: arresto richiesto.`,
      restart: name => `Servizio ${name}: riavvio richiesto.`,
    },
    ended: (id, state, why) => `Lavoro ${id} ${state}${why === '' ? '.' : `: ${why}`}`,
    schedulerPaused:
      'Lo scheduler è in pausa e non avvia lavori. Riprende con: automate-tui services start scheduler',
    jobFields: {
      job: 'lavoro',
      workflow: 'procedura',
      state: 'stato',
      why: 'perché',
      next: 'adesso',
      attempt: 'tentativo',
      after: 'dopo',
      afterJobs: (jobs, ifFailed) =>
        `${jobs} (se uno fallisce: ${ifFailed === 'cancel' ? 'annullato con quello' : 'parte lo stesso'})`,
      queued: 'in coda',
      started: 'iniziato',
      ended: 'finito',
      input: 'input',
      result: 'risultato',
      error: 'errore',
      late: 'rapporti tardivi',
      lateCount: count => `${count}, non applicati`,
    },
    stopped: 'Fermato.',
    screenshot: path => `Immagine della pagina: ${path}`,
    trace: command => `Traccia: ${command}`,
    copied: file => `La base di dati è copiata in ${file}.`,
    restored: file => `La base di dati è ripristinata da ${file}.`,
    newestInBackup: moment => `La voce più recente della copia di riserva è di ${moment}.`,
    emptyDatabase: 'Il progetto ha una base di dati nuova e vuota.',
    setAside: path => `La base di dati precedente è conservata come ${path}.`,
    lostSince: what => `La base di dati precedente ha in più rispetto alla copia: ${what}.`,
    nothingLost:
      'La base di dati precedente non ha lavori, rapporti di errore o accessi in più rispetto alla copia.',
    lossUnknown:
      'Non si può contare ciò che manca alla copia, perché la base di dati precedente non è leggibile.',
    lost: {
      jobsQueued: plural({ one: '# lavoro in coda', other: '# lavori in coda' }),
      jobsEnded: plural({ one: 'la fine di # lavoro', other: 'la fine di # lavori' }),
      crashReports: plural({ one: '# rapporto di errore', other: '# rapporti di errore' }),
      logins: plural({ one: '# accesso salvato', other: '# accessi salvati' }),
    },
    vacuumed: (before, after) => `La base di dati occupava ${before} e ora occupa ${after}.`,
    checked: {
      none: 'Non c’è ancora una base di dati.',
      intact: 'La base di dati è integra.',
      problems: plural({
        one: 'La base di dati ha # problema:',
        other: 'La base di dati ha # problemi:',
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
    unset: { browser: 'trovato da sé', language: "quella dell'ambiente", none: 'nessuno' },
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
      `--until-idle non termina finché un workflow continuo è in corso. Per fermarlo: ${commands}`,
    draining:
      'In arresto: nessun lavoro nuovo parte, ciò che è in corso può finire. Ancora una volta per fermare subito.',
    resultUntold: (job, why) =>
      `Il risultato del lavoro ${job} non si è potuto leggere: ${why} "automate-tui jobs ${job}" lo mostra.`,
    noTerminal: 'Qui non c’è un terminale: righe semplici al posto delle schermate.',
    demoSite: url => `Il sito della demo: ${url}`,
    demoSiteAlone: 'Il sito della demo, fino a Ctrl+C:',
    demoStays: root => `Il progetto della demo resta in ${root}`,
  },
  autostart: {
    installed: (name, place) =>
      `Servizio ${name} installato (${place}) e avviato. Da ora parte con questa macchina.`,
    installedOnly: (name, place) =>
      `Servizio ${name} installato (${place}). Da ora parte con questa macchina.`,
    takesOver: pid =>
      `Qui c'è già uno scheduler in funzione (processo ${pid}): il servizio subentra quando è terminato.`,
    runsWithout: pid => `Qui è in funzione uno scheduler fuori dal servizio (processo ${pid}).`,
    removing: limit => `Il servizio si sta fermando: ciò che è in corso può finire, al massimo in ${limit}.`,
    byHand: command => `Perché funzioni anche quando non sei collegato: ${command}`,
    uninstalled: name => `Servizio ${name} tolto.`,
    notInstalled:
      'Questo progetto non è un servizio di questa macchina. Lo diventa con "automate-tui autostart enable".',
    is: (name, state, place) => `Servizio ${name}: ${state} (${place})`,
    startAgain: 'Non è in funzione. Lo riavvia "automate-tui autostart enable".',
  },
  scaffold: {
    made: root => `Il progetto è in ${root}:`,
    added: name => `Procedura ${name} aggiunta:`,
    kept: path => `  ${path} c'era già, e resta com'è.`,
    ignore: (path, lines) => `  ${path} c'era già, e resta com'è. Aggiungici: ${lines}`,
    next: 'E poi:',
    does: {
      run: 'esegue una volta la procedura',
      test: 'ne esegue il test',
      console: 'la console: pianifica, e mostra che cosa fa ogni worker',
    },
  },
}
