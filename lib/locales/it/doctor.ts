import type { DoctorWords } from '../en/doctor.ts'
import { pluralFor } from '../plural.ts'
import { proxyFault } from './proxy-fault.ts'

const plural = pluralFor('it-IT')

export const doctorWords: DoctorWords = {
  names: {
    node: 'Node',
    browser: 'Browser',
    sandbox: 'Sandbox',
    fonts: 'Caratteri',
    'shared-memory': 'Memoria condivisa',
    limits: 'Limiti',
    terminal: 'Terminale',
    'kernel-lock': 'Blocco del kernel',
    clock: 'Orologio',
    configuration: 'Configurazione',
    workflows: 'Procedure',
    proxies: 'Proxy',
    notify: 'Messaggi',
    folders: 'Cartelle',
    space: 'Spazio su disco',
    owner: 'Proprietario',
    database: 'Database',
    leftovers: 'Residui',
  },
  status: { ok: 'ok', warning: 'avviso', problem: 'PROBLEMA' },
  checking: name => `controllo: ${name}`,
  repaired: what => `riparato: ${what}`,
  allWell: 'Tutto a posto.',
  sum: (problems, warnings) => `${problems}, ${warnings}.`,
  problems: plural({ one: '# problema', other: '# problemi' }),
  warnings: plural({ one: '# avviso', other: '# avvisi' }),
  tryFix: 'Esegui "automate-tui doctor --fix" per le riparazioni senza rischi.',
  noProject: "Qui non c'è un progetto: viene controllata solo la macchina.",
  failed: why => `il controllo non è riuscito: ${why}`,
  unwritable: 'non controllato, perché il progetto qui non è scrivibile',
  unwritableRemedy: 'Vedi "Cartelle" per il rimedio.',
  untrusted: 'non controllato: il progetto non è fidato',
  untrustedRemedy: 'Segui il rimedio di "Configurazione", poi ripeti doctor.',
  failedRemedy: 'Ripetilo; se non riesce ancora, segnalalo con questa riga.',
  node: {
    good: version => version,
    old: (version, needed) => `${version} è più vecchio di ${needed}`,
    oldRemedy: 'Installa un Node più recente da nodejs.org.',
  },
  browser: {
    good: (version, path, duration) => `${version} mostra una pagina dopo ${duration} (${path})`,
    none: 'non è stato trovato alcun Chrome, Chromium o Edge',
    fetched: path => `scaricato un browser: ${path}`,
    broken: why => `non funziona: ${why}`,
    brokenRemedy: 'Installa le librerie mancanti o un altro browser, e indicalo con AUTOMATE_BROWSER.',
  },
  sandbox: {
    good: 'le pagine restano nella sandbox del browser',
    root: 'root non può usare la sandbox: una pagina ostile potrebbe raggiungere tutta la macchina',
    rootRemedy: 'Esegui automate-tui come utente normale.',
    argument:
      '"browserArgs" disattiva la sandbox: una pagina ostile potrebbe raggiungere tutto ciò a cui accede questo utente',
    argumentRemedy: 'Rimuovi --no-sandbox da "browserArgs".',
    required: why => `${why}; nessun browser parte, perché l'impostazione "sandbox" è "required"`,
    restricted: setting => `questo sistema la vieta ai programmi normali (${setting})`,
    restrictedRemedy: setting =>
      `Consentila con "sudo sysctl -w ${setting}", o installa il pacchetto di Google Chrome, che include il permesso.`,
  },
  fonts: {
    good: "le pagine mostrano lettere latine e dell'Asia orientale",
    none: 'le pagine mostrano riquadri al posto delle lettere',
    noneRemedy: 'Installa dei caratteri, su Debian con "sudo apt-get install fonts-liberation".',
    noEastAsian: 'le pagine mostrano riquadri al posto delle lettere cinesi, giapponesi e coreane',
    noEastAsianRemedy: 'Installa questi caratteri, su Debian con "sudo apt-get install fonts-noto-cjk".',
    noBrowser: 'non controllati, perché manca un browser che funzioni',
    noBrowserRemedy: 'Ripara prima il browser.',
  },
  sharedMemory: {
    notNeeded: 'questo sistema non ha un limite specifico',
    good: (folder, free) => `i browser condividono la memoria in ${folder}, con ${free} liberi`,
    small: (folder, free) => `i browser condividono la memoria in ${folder}, con solo ${free} liberi`,
    smallRemedy:
      'Libera spazio in quella cartella o usa meno worker. Se è la cartella temporanea, TMPDIR può indicarne una su un disco più grande.',
  },
  limits: {
    good: (files, threads) => `${files} file per processo, ${threads} thread`,
    notNeeded: 'questo sistema non ha limiti rilevanti',
    unlimited: 'illimitati',
    files: (limit, needed) =>
      `un processo può aprire ${limit} file, e un browser ne richiede fino a ${needed}`,
    filesRemedy: 'Alza il limite: "ulimit -n 4096", o LimitNOFILE=4096 nell\'unità di systemd.',
    threads: (limit, workers, needed) =>
      `l'utente può avere ${limit} thread, e ${workers} worker con i loro browser ne richiedono fino a ${needed}`,
    threadsRemedy:
      'Alza il limite ("ulimit -u", TasksMax= nell\'unità di systemd, --pids-limit del contenitore), o imposta meno worker.',
    watches: limit => `si possono osservare solo ${limit} file`,
    watchesRemedy: 'Alza il limite con "sudo sysctl -w fs.inotify.max_user_watches=65536".',
    watchesUsed: name =>
      `il limite ${name} è raggiunto, e le modifiche dei file vengono rilevate qualche secondo dopo`,
    watchesUsedRemedy: command => `Alza il limite con "${command}", e riavvia lo scheduler.`,
  },
  terminal: {
    good: (columns, rows, colours) => `${columns}×${rows}, ${colours}, UTF-8`,
    colours: plural({ one: '# colore', other: '# colori' }),
    none: 'assente: i comandi scrivono righe semplici',
    dumb: 'TERM è "dumb": ci saranno righe semplici invece di schermate',
    dumbRemedy: 'Imposta TERM sul tipo del terminale, per esempio xterm-256color.',
    small: (columns, rows) => `${columns}×${rows}: la console richiede almeno 40×10`,
    smallRemedy: 'Ingrandisci la finestra.',
    fewColours: colours => `mostra solo ${colours}`,
    fewColoursRemedy:
      'Imposta TERM su xterm-256color se il terminale ne ha di più, o premi t nella console per la versione senza colori.',
    notUtf8: 'non è impostato su UTF-8: bordi e nomi possono risultare illeggibili',
    notUtf8Remedy: 'Imposta LANG su C.UTF-8, o avvia la console con --ascii.',
  },
  kernelLock: {
    good: 'il database è bloccato dal kernel: il blocco termina con il suo processo, in ogni caso',
    missing: why => `al suo posto è in uso un file di blocco: ${why}`,
    missingRemedy:
      'Esegui di nuovo "npm ci" su questa macchina; fino ad allora attendi 10 s tra una console uccisa e la successiva.',
    refused: why => `il disco del progetto non supporta il blocco dei file: ${why}`,
    refusedRemedy: 'Sposta il progetto su un disco locale.',
  },
  clock: {
    good: (time, zone) => `${time}, ${zone}`,
    past: time => `indica ${time}, una data precedente a questo programma`,
    back: (file, time) => `${file} risulta scritto nel futuro, alle ${time}`,
    remedy: "Regola l'orologio e attiva la sincronizzazione (timedatectl set-ntp true).",
  },
  configuration: {
    good: 'tutte le impostazioni sono valide',
    remedy: 'Correggila lì; "automate-tui config" mostra ogni impostazione e la sua origine.',
    trustRemedy: 'Fino ad allora il progetto non viene caricato, controllato né riparato.',
  },
  workflows: {
    good: plural({ one: '# procedura utilizzabile', other: '# procedure utilizzabili' }),
    none: folders => `nessuna procedura in ${folders}`,
    noneRemedy: 'Aggiungi un modulo, o indica altre cartelle con l\'impostazione "workflows".',
    brokenRemedy: 'Correggi il file; "automate-tui worker <procedura>" ne esegue una da sola.',
    unknown: 'non controllate, perché la configurazione non è valida',
    unknownRemedy: 'Correggi prima la configurazione.',
  },
  proxies: {
    none: 'nessuno impostato: i browser si collegano direttamente',
    good: (tried, all) =>
      tried === all
        ? `${all} su ${all} accettano questa macchina`
        : `i primi ${tried} su ${all} accettano questa macchina`,
    someRemedy:
      'I lavori usano gli altri proxy; correggi o rimuovi questi in "proxies", e verifica con "automate-tui proxies test".',
    allRemedy:
      'I lavori che richiedono un proxy aspettano che uno funzioni: correggi "proxies" (indirizzo, nome utente, password), e verifica con "automate-tui proxies test".',
    fault: proxyFault,
    unreadableRemedy: 'Correggilo lì: i lavori aspettano finché i proxy non si possono leggere.',
    unknown: 'non controllati, perché la configurazione non è valida',
    unknownRemedy: 'Correggi prima la configurazione.',
  },
  notify: {
    none: 'nessun canale: i guasti si vedono solo nella console',
    good: channels => `raggiunti: ${channels}`,
    remedy:
      'I messaggi aspettano una risposta: controlla il collegamento, poi prova "automate-tui notify test".',
    channels: { telegram: 'Telegram', webhook: 'webhook', heartbeat: 'segnale di vita' },
    unknown: 'non controllati, perché la configurazione non è valida',
    unknownRemedy: 'Correggi prima la configurazione.',
  },
  folders: {
    good: 'data, logs e i file con i segreti sono scrivibili e accessibili solo a te',
    unwritable: (folder, why) => `${folder} non è scrivibile: ${why}`,
    unwritableRemedy: user =>
      `Assegnala al tuo utente ("sudo chown -R ${user}"), o esegui automate-tui come l'utente a cui appartiene.`,
    diskRemedy:
      'Controlla che il suo disco funzioni, abbia spazio e non sia montato in sola lettura, e che nessuna quota sia esaurita.',
    dangling: (folder, target) =>
      `${folder} è un collegamento a ${target}, che non esiste o non è raggiungibile`,
    danglingRemedy: 'Monta il suo disco, o elimina il collegamento.',
    foreign: (link, uid) =>
      `${link} è un collegamento creato da uid ${uid} verso un percorso di un altro utente: il suo contenuto non viene rimosso né modificato`,
    foreignRemedy: link => `Eliminalo ("rm ${link}"); se serve, ricrealo con il tuo utente.`,
    open: folders => `altri utenti possono leggere ${folders}, con risultati e cookie`,
    openRemedy: folders => `Esegui "chmod go= ${folders}", oppure usa doctor --fix.`,
    openFiles: files => `altri utenti possono leggere ${files}, con segreti`,
    openFilesRemedy: files => `Esegui "chmod 600 ${files}", oppure usa doctor --fix.`,
    unusableKey: (file, why) =>
      `${file}, la chiave degli accessi salvati, non è leggibile: ${why}. I lavori con un accesso falliscono`,
    rootKeyRemedy:
      'Imposta HOME alla cartella di root, come fa "sudo -H", o esegui automate-tui come quell\'utente.',
    unusableKeyRemedy: (user, folder) =>
      `Esegui "sudo chown -R ${user} ${folder}" per assegnarla al tuo utente.`,
    openKey: file => `altri utenti possono leggere o scrivere ${file}, la chiave degli accessi salvati`,
    openKeyRemedy: file => `Esegui "chmod 600 ${file}", oppure usa doctor --fix.`,
    closed: folders => `accesso di altri utenti rimosso: ${folders}`,
    readable: (folder, accounts) => `${accounts} possono leggere ${folder}`,
    changeable: (folder, accounts) =>
      `${accounts} possono modificare ${folder}, e quindi ciò che viene eseguito con il tuo utente`,
    closeRemedy:
      'Esegui "automate-tui doctor --fix", che rende data, logs e i file con i segreti accessibili solo a te, a SYSTEM e agli amministratori.',
    rootRemedy: command => `Esegui "${command}", o sposta il progetto nella tua cartella utente.`,
  },
  space: {
    good: free => `${free} liberi`,
    low: free => `solo ${free} liberi`,
    remedy: 'Libera spazio: le vecchie cartelle di logs/ si possono eliminare.',
  },
  owner: {
    nobody: 'nessun processo ha aperto il progetto',
    scheduler: (pid, since) => `il processo ${pid} è lo scheduler, da ${since}`,
    transient: pid => `il processo ${pid} lo tiene aperto temporaneamente`,
    stale: pid => `il processo ${pid}, già terminato, risulta ancora proprietario`,
    staleRemedy: 'Il prossimo avvio subentra da solo; doctor --fix rimuove la voce.',
    removed: 'rimossa la voce di un proprietario terminato',
  },
  database: {
    none: 'non esiste ancora',
    good: size => `${size}, integro`,
    busy: 'non controllato, perché un altro processo lo ha appena aperto',
    busyRemedy: 'Esegui di nuovo doctor.',
    damaged: why => `è danneggiato: ${why}`,
    damagedRemedy: file =>
      `Ripristina una copia di riserva con "automate-tui db restore <file>", oppure inizia con un database vuoto con "automate-tui db new". Per recuperarne il contenuto: sqlite3 "${file}" .recover | sqlite3 "${file}.rescued", poi ripristina quel file.`,
    missing: copy => `manca, e ${copy} è stato messo da parte: lo scheduler non si avvia`,
    missingRemedy:
      'Ripristina una copia di riserva con "automate-tui db restore <file>", oppure inizia con un database vuoto con "automate-tui db new".',
    unusable: why => why,
    unusableRemedy: 'Nulla è stato modificato; segui le indicazioni della riga.',
  },
  leftovers: {
    none: 'nessuno',
    found: (profiles, locks) => `${profiles} e ${locks} di processi terminati`,
    profiles: plural({ one: '# cartella di profilo', other: '# cartelle di profilo' }),
    locks: plural({ one: '# blocco di porta', other: '# blocchi di porte' }),
    remedy: 'Uno scheduler attivo li rimuove a poco a poco; doctor --fix li rimuove subito.',
    stuck: (count, name, why) => `non rimossi: ${count}, per esempio ${name}: ${why}`,
    stuckRemedy: 'Chiudi i programmi che li usano, o eliminali a mano da data/profiles.',
    removed: (profiles, locks) => `rimossi ${profiles} e ${locks}`,
  },
}
