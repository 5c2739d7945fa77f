import type { remedies as english } from '../en/remedies.ts'

export const remedies: typeof english = {
  element:
    "La pagina non mostra l'elemento che la procedura cerca. Ripeti il lavoro una volta; se fallisce ancora, dai l'archivio (tasto b) all'autore della procedura.",
  navigate:
    'Non è stato possibile aprire la pagina. Controlla che il sito funzioni nel tuo browser, poi ripeti il lavoro.',
  'phase-timeout':
    "La fase ha superato il suo limite. Ripeti il lavoro una volta; se fallisce ancora, il sito è lento o mostra qualcosa di imprevisto: guarda l'immagine.",
  proxy: 'Il proxy non ha funzionato. Controlla i proxy con "automate-tui proxies", poi ripeti il lavoro.',
  'session-expired':
    "L'accesso era scaduto. Il prossimo tentativo ripete l'accesso; se anche questo fallisce, controlla il nome utente e la password.",
  'browser-launch': 'Il browser non si è avviato su questa macchina. Esegui "automate-tui doctor".',
  'browser-crash':
    'Il browser ha smesso di funzionare, come succede quando manca memoria. Ripeti il lavoro; se succede spesso, usa meno worker.',
  'resource-limit':
    'Una pagina ha occupato più memoria o spazio su disco di quanto sia consentito a un lavoro. Ripeti il lavoro una volta; se fallisce ancora e la pagina ne ha davvero bisogno, alza il limite indicato nel messaggio.',
  'worker-exit':
    "Il processo del worker è terminato, come succede quando manca memoria. Ripeti il lavoro; se fallisce ancora, dai l'archivio (tasto b) all'autore della procedura.",
  'result-invalid':
    "La procedura ha restituito un risultato diverso da quello che dichiara. Avvisa l'autore della procedura.",
  workflow:
    'È la procedura stessa a segnalare questo guasto. Il messaggio dice che cosa è successo sul sito.',
  'hard-fail':
    'La procedura o una persona ha rinunciato a questo lavoro. Correggi quanto indicato nel messaggio prima di ripeterlo.',
  'input-invalid': 'I dati non sono validi per la procedura. Avvia un nuovo lavoro con altri dati.',
  'workflow-missing': 'Il file della procedura manca. Ripristinalo, poi ripeti il lavoro.',
  'workflow-invalid': "Il file della procedura non è utilizzabile. Avvisa l'autore della procedura.",
  'wait-timeout': 'Nessuna risposta in tempo, oppure un altro worker ha impiegato troppo. Ripeti il lavoro.',
  deadline:
    'Nessun risultato è arrivato in tempo. Ripeti il lavoro una volta; se fallisce ancora, concedi più tempo o più worker.',
  unexpected:
    "La procedura è fallita per un motivo imprevisto. Ripeti il lavoro una volta; se fallisce ancora, dai l'archivio (tasto b) all'autore della procedura.",
  bug: "È un errore di automate-tui. Segnalalo con l'archivio (tasto b).",
  other: 'Ripeti il lavoro una volta; se fallisce ancora, esegui "automate-tui doctor".',
}
