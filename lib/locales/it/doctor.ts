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
    leftovers: 'Avanzi',
  },
  status: { ok: 'ok', warning: 'avviso', problem: 'PROBLEMA' },
  checking: name => `controllo: ${name}`,
  repaired: what => `riparato: ${what}`,
  allWell: 'Tutto a posto.',
  sum: (problems, warnings) => `${problems}, ${warnings}.`,
  problems: plural({ one: '# problema', other: '# problemi' }),
  warnings: plural({ one: '# avviso', other: '# avvisi' }),
  tryFix: 'Esegui "automate-tui doctor --fix" per riparare ciò che si può riparare senza rischi.',
  noProject: 'Qui non c’è un progetto: si controlla solo la macchina.',
  failed: why => `il controllo stesso è fallito: ${why}`,
  unwritable: 'non controllato, perché qui il progetto non si può scrivere',
  unwritableRemedy: 'Vedi "Cartelle" per il rimedio.',
  untrusted: 'non controllato: il progetto non è fidato',
  untrustedRemedy: 'Fai ciò che dice "Configurazione", poi ripeti doctor.',
  failedRemedy: 'Ripetilo; se fallisce ancora, segnalalo con questa riga.',
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
    brokenRemedy: 'Installa le librerie che mancano o un altro browser, e indicalo con AUTOMATE_BROWSER.',
  },
  sandbox: {
    good: 'le pagine restano nella sandbox del browser',
    root: 'root non può avere la sandbox: una pagina ostile potrebbe raggiungere tutta la macchina',
    rootRemedy: 'Esegui automate-tui come utente normale.',
    argument:
      '"browserArgs" disattiva la sandbox: una pagina ostile potrebbe raggiungere tutto ciò che può questo utente',
    argumentRemedy: 'Togli --no-sandbox da "browserArgs".',
    required: why => `${why}; nessun browser parte, perché l’impostazione "sandbox" è "required"`,
    restricted: setting => `questo sistema la vieta ai programmi normali (${setting})`,
    restrictedRemedy: setting =>
      `Consentila con "sudo sysctl -w ${setting}", o installa il pacchetto di Google Chrome, che porta con sé il permesso.`,
  },
  fonts: {
    good: 'le pagine mostrano lettere latine e dell’Asia orientale',
    none: 'le pagine mostrano riquadri al posto delle lettere',
    noneRemedy: 'Installa dei caratteri, su Debian con "sudo apt-get install fonts-liberation".',
    noEastAsian: 'le pagine mostrano riquadri al posto delle lettere cinesi, giapponesi e coreane',
    noEastAsianRemedy: 'Installa questi caratteri, su Debian con "sudo apt-get install fonts-noto-cjk".',
    noBrowser: 'non controllati, perché manca un browser che funzioni',
    noBrowserRemedy: 'Ripara prima il browser.',
  },
  sharedMemory: {
    notNeeded: 'questo sistema non ha un limite proprio',
    good: (folder, free) => `i browser condividono la memoria in ${folder}, dove sono liberi ${free}`,
    small: (folder, free) => `i browser condividono la memoria in ${folder}, dove sono liberi solo ${free}`,
    smallRemedy:
      'Libera spazio lì o usa meno worker. Se è la cartella temporanea, TMPDIR può indicarne una su un disco più grande.',
  },
  limits: {
    good: (files, threads) => `${files} file per processo, ${threads} thread`,
    notNeeded: 'questo sistema non ne ha che contino',
    unlimited: 'illimitati',
    files: (limit, needed) => `un processo può aprire ${limit} file, e un browser ne vuole fino a ${needed}`,
    filesRemedy: 'Alza il limite: "ulimit -n 4096", o LimitNOFILE=4096 nell’unità di systemd.',
    threads: (limit, workers, needed) =>
      `puoi avere ${limit} thread, e ${workers} worker con i loro browser ne vogliono fino a ${needed}`,
    threadsRemedy:
      'Alza il limite ("ulimit -u", TasksMax= nell’unità di systemd, --pids-limit del contenitore), o imposta meno worker.',
    watches: limit => `si possono sorvegliare solo ${limit} file`,
    watchesRemedy: 'Alza il limite con "sudo sysctl -w fs.inotify.max_user_watches=65536".',
    watchesUsed: name =>
      `tutto ciò che ${name} consente è in uso, e le modifiche dei file si notano qualche secondo dopo`,
    watchesUsedRemedy: command => `Alza il limite con "${command}", e riavvia lo scheduler.`,
  },
  terminal: {
    good: (columns, rows, colours) => `${columns}×${rows}, ${colours}, UTF-8`,
    colours: plural({ one: '# colore', other: '# colori' }),
    none: 'qui non c’è: i comandi scrivono righe semplici',
    dumb: 'TERM è "dumb": ci saranno righe semplici invece di schermate',
    dumbRemedy: 'Imposta TERM su ciò che è il tuo terminale, per esempio xterm-256color.',
    small: (columns, rows) => `${columns}×${rows} è meno dei 40×10 che servono alla console`,
    smallRemedy: 'Ingrandisci la finestra.',
    fewColours: colours => `mostra solo ${colours}`,
    fewColoursRemedy:
      'Imposta TERM su xterm-256color se il terminale ne ha di più, o premi t nella console per non usare colori.',
    notUtf8: 'non è impostato su UTF-8: bordi e nomi possono uscire sbagliati',
    notUtf8Remedy: 'Imposta LANG su C.UTF-8, o avvia la console con --ascii.',
  },
  kernelLock: {
    good: 'il database è bloccato dal kernel: il blocco finisce con il suo processo, comunque finisca',
    missing: why => `si usa invece un file di blocco: ${why}`,
    missingRemedy:
      'Esegui di nuovo "npm ci" su questa macchina; fino ad allora lascia 10 s tra una console uccisa e la successiva.',
    refused: why => `il disco del progetto non sa bloccare i file: ${why}`,
    refusedRemedy: 'Sposta il progetto su un disco locale.',
  },
  clock: {
    good: (time, zone) => `${time}, ${zone}`,
    past: time => `segna ${time}, prima che questo programma fosse fatto`,
    back: (file, time) => `${file} è stato scritto nel futuro, alle ${time}`,
    remedy: 'Regola l’orologio, e fa’ in modo che resti giusto (timedatectl set-ntp true).',
  },
  configuration: {
    good: 'ogni impostazione è valida',
    remedy: 'Correggila lì; "automate-tui config" mostra ogni impostazione e da dove viene.',
    trustRemedy: 'Fino ad allora nulla del progetto viene caricato, controllato o riparato.',
  },
  workflows: {
    good: plural({ one: '# procedura utilizzabile', other: '# procedure utilizzabili' }),
    none: folders => `non ce ne sono in ${folders}`,
    noneRemedy: 'Mettici un modulo, o indica altre cartelle con l’impostazione "workflows".',
    brokenRemedy: 'Correggi il file; "automate-tui worker <procedura>" ne esegue una da sola.',
    unknown: 'non controllate, perché la configurazione non è valida',
    unknownRemedy: 'Correggi prima la configurazione.',
  },
  proxies: {
    none: 'nessuno impostato: i browser escono direttamente',
    good: (tried, all) =>
      tried === all
        ? `${all} su ${all} accettano questa macchina`
        : `i primi ${tried} su ${all} accettano questa macchina`,
    someRemedy:
      'I lavori escono attraverso gli altri; correggi o togli questi in "proxies", e guarda "automate-tui proxies test".',
    allRemedy:
      'I lavori che vogliono un proxy aspettano che uno funzioni: correggi "proxies" (indirizzo, nome utente, password), e guarda "automate-tui proxies test".',
    fault: proxyFault,
    unreadableRemedy: 'Correggilo lì: i lavori aspettano finché i proxy non si possono leggere.',
    unknown: 'non controllati, perché la configurazione non è valida',
    unknownRemedy: 'Correggi prima la configurazione.',
  },
  notify: {
    none: 'nessuno viene avvisato dei guasti: si vedono solo nella console',
    good: channels => `raggiunti: ${channels}`,
    remedy:
      'I messaggi aspettano che risponda: controlla la strada fin lì, poi prova "automate-tui notify test".',
    channels: { telegram: 'Telegram', webhook: 'webhook', heartbeat: 'segnale di vita' },
    unknown: 'non controllati, perché la configurazione non è valida',
    unknownRemedy: 'Correggi prima la configurazione.',
  },
  folders: {
    good: 'data e logs si possono scrivere e sono solo tue, come i file con i segreti',
    unwritable: (folder, why) => `${folder} non si può scrivere: ${why}`,
    unwritableRemedy: user =>
      `Rendila tua ("sudo chown -R ${user}" su di essa), o esegui automate-tui come l’utente a cui appartiene.`,
    diskRemedy:
      'Controlla che il suo disco funzioni, abbia spazio e non sia montato in sola lettura, e che nessuna quota sia esaurita.',
    dangling: (folder, target) =>
      `${folder} è un collegamento a ${target}, che non esiste o non è raggiungibile`,
    danglingRemedy: 'Monta il suo disco, o elimina il collegamento.',
    foreign: (link, uid) =>
      `${link} è un collegamento che uid ${uid} ha fatto verso un posto di qualcun altro: ciò che sta dietro non viene tolto né cambiato`,
    foreignRemedy: link => `Eliminalo ("rm ${link}"); se deve restare, fallo tu.`,
    open: folders => `altri possono leggere ${folders}, dove stanno risultati e cookie`,
    openRemedy: folders => `Esegui "chmod go= ${folders}", o lascia fare a doctor --fix.`,
    openFiles: files => `altri possono leggere ${files}, dove stanno segreti`,
    openFilesRemedy: files => `Esegui "chmod 600 ${files}", o lascia fare a doctor --fix.`,
    unusableKey: (file, why) =>
      `${file}, la chiave degli accessi salvati, non si può leggere: ${why}. I lavori che accedono falliscono`,
    rootKeyRemedy:
      'Imposta HOME alla cartella di root, come fa "sudo -H", o esegui automate-tui come quell’utente.',
    unusableKeyRemedy: (user, folder) => `Esegui "sudo chown -R ${user} ${folder}" per renderla tua.`,
    openKey: file => `altri possono leggere o scrivere ${file}, la chiave degli accessi salvati`,
    openKeyRemedy: file => `Esegui "chmod 600 ${file}", o lascia fare a doctor --fix.`,
    closed: folders => `chiuso agli altri ${folders}`,
    readable: (folder, accounts) => `${accounts} possono leggere ${folder}`,
    changeable: (folder, accounts) =>
      `${accounts} possono modificare ${folder}, e con essa ciò che viene eseguito come te`,
    closeRemedy:
      'Esegui "automate-tui doctor --fix", che lascia data, logs e i file con i segreti solo a te, a SYSTEM e agli amministratori.',
    rootRemedy: command => `Esegui "${command}", o sposta il progetto nella tua cartella utente.`,
  },
  space: {
    good: free => `${free} liberi`,
    low: free => `sono liberi solo ${free}`,
    remedy: 'Libera spazio: le vecchie cartelle di logs/ si possono togliere.',
  },
  owner: {
    nobody: 'nessuno ha aperto il progetto',
    scheduler: (pid, since) => `il processo ${pid} pianifica, da ${since}`,
    transient: pid => `il processo ${pid} lo tiene aperto per un momento`,
    stale: pid => `il processo ${pid}, che è finito, è ancora annunciato come proprietario`,
    staleRemedy: 'Il prossimo avvio subentra da solo; doctor --fix mette in ordine.',
    removed: 'tolto l’annuncio di un proprietario che è finito',
  },
  database: {
    none: 'non c’è ancora',
    good: size => `${size}, integro`,
    busy: 'un altro l’ha aperto proprio ora, e non è stato controllato',
    busyRemedy: 'Esegui di nuovo doctor.',
    damaged: why => `è danneggiato: ${why}`,
    damagedRemedy: file =>
      `Ripristina una copia di riserva con "automate-tui db restore <file>", oppure inizia con un database vuoto con "automate-tui db new". Per recuperare ciò che contiene: sqlite3 "${file}" .recover | sqlite3 "${file}.rescued", poi ripristina quel file.`,
    missing: copy => `manca, e ${copy} è stato messo da parte: lo scheduler non si avvia`,
    missingRemedy:
      'Ripristina una copia di riserva con "automate-tui db restore <file>", oppure inizia con un database vuoto con "automate-tui db new".',
    unusable: why => why,
    unusableRemedy: 'Nulla è stato cambiato; segui ciò che dice la riga.',
  },
  leftovers: {
    none: 'nessuno',
    found: (profiles, locks) => `${profiles} e ${locks} di processi finiti`,
    profiles: plural({ one: '# cartella di profilo', other: '# cartelle di profilo' }),
    locks: plural({ one: '# blocco di porta', other: '# blocchi di porte' }),
    remedy: 'Uno scheduler attivo li toglie a poco a poco; doctor --fix lo fa subito.',
    stuck: (count, name, why) => `${count} non se ne vanno, per esempio ${name}: ${why}`,
    stuckRemedy: 'Chiudi i programmi che le tengono, o cancellale a mano da data/profiles.',
    removed: (profiles, locks) => `tolti ${profiles} e ${locks}`,
  },
}
