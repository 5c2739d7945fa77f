import type { remedies as english } from '../en/remedies.ts'

export const remedies: typeof english = {
  element:
    "La pagina non mostra ciò che la procedura cerca. Riprova il lavoro una volta; se fallisce ancora, dai l'archivio (tasto b) all'autore della procedura.",
  navigate:
    'Non è stato possibile aprire la pagina. Controlla che il sito funzioni nel tuo browser, poi riprova il lavoro.',
  'phase-timeout':
    "La fase ha superato il suo limite. Riprova il lavoro una volta; se fallisce ancora, il sito è lento o mostra qualcosa di imprevisto: guarda l'immagine.",
  proxy: 'Il proxy non ha funzionato. Controlla i proxy con "automate-tui proxies", poi riprova il lavoro.',
  'session-expired':
    "L'accesso era scaduto. Il prossimo tentativo accede di nuovo; se fallisce anche quello, controlla il nome utente e la password.",
  'browser-launch': 'Il browser non si è avviato su questa macchina. Esegui "automate-tui doctor".',
  'browser-crash':
    'Il browser ha smesso di funzionare, come succede quando manca memoria. Riprova il lavoro; se succede spesso, usa meno worker.',
  'resource-limit':
    'Una pagina ha occupato più memoria o spazio su disco di quanto un lavoro possa. Riprova il lavoro una volta; se fallisce ancora e la pagina ne ha davvero bisogno, alza il limite che il messaggio indica.',
  'worker-exit':
    "Il processo del worker è terminato, come succede quando manca memoria. Riprova il lavoro; se fallisce ancora, dai l'archivio (tasto b) all'autore della procedura.",
  'result-invalid':
    "La procedura ha restituito un risultato che non ammette. Avvisa l'autore della procedura.",
  workflow:
    'È la procedura stessa a segnalare questo guasto. Il messaggio dice che cosa è successo sul sito.',
  'hard-fail':
    'La procedura o una persona ha rinunciato a questo lavoro. Cambia ciò che il messaggio indica prima di riprovarlo.',
  'input-invalid': 'I dati non sono adatti alla procedura. Avvia un nuovo lavoro con altri dati.',
  'workflow-missing': 'Il file della procedura non è al suo posto. Rimettilo, poi riprova il lavoro.',
  'workflow-invalid': "Il file della procedura non si può usare. Avvisa l'autore della procedura.",
  'wait-timeout':
    'Nessuno è arrivato in tempo, oppure un altro worker ha impiegato troppo. Riprova il lavoro.',
  deadline:
    'Nessun risultato è arrivato in tempo. Riprova il lavoro una volta; se fallisce ancora, concedi più tempo o più worker.',
  unexpected:
    "La procedura è fallita in un modo che non conosce. Riprova il lavoro una volta; se fallisce ancora, dai l'archivio (tasto b) all'autore della procedura.",
  bug: "È un errore di automate-tui. Segnalalo con l'archivio (tasto b).",
  other: 'Riprova il lavoro una volta; se fallisce ancora, esegui "automate-tui doctor".',
}
