import { pluralFor } from '../plural.ts'
import type { schedulesWords as english } from '../en/schedules.ts'

const plural = pluralFor('it-IT')

export const schedulesWords: typeof english = {
  none: 'Non ci sono pianificazioni. Creane una con: automate-tui schedules add <nome> <procedura> --cron "0 3 * * *"',
  stopped:
    'Il servizio cron è fermo: nessuna pianificazione mette lavori in coda. Avvialo con: automate-tui services start cron',
  columns: {
    schedule: 'pianificazione',
    workflow: 'procedura',
    when: 'quando',
    next: 'prossima',
    last: 'ultima',
    from: 'da',
  },
  nameTaken: name =>
    `La pianificazione "${name}" della configurazione non è in uso, perché un operatore ne ha creata una con lo stesso nome. Rinominala nella configurazione, oppure rimuovi l'altra con: automate-tui schedules remove ${name}`,
  noNext: 'Nessuna esecuzione prevista: le pianificazioni in pausa o concluse non ne hanno.',
  nextColumns: { schedule: 'pianificazione', at: 'alle', inZone: 'nel suo fuso orario' },
  source: { operator: 'operatore', config: 'configurazione' },
  every: duration => `ogni ${duration}`,
  facts: { input: 'dati', overlap: "se l'ultima è in corso", jitter: 'ritardo casuale', catchUp: 'recupero' },
  overlap: {
    skip: "saltata finché l'ultima è in corso",
    queue: "attende l'ultima",
    replace: "prende il posto dell'ultima",
  },
  form: {
    name: {
      label: 'nome',
      about: 'Il suo nome: rapporto-notturno',
      must: 'Solo lettere minuscole, cifre e "-", al massimo 60; la prima è una lettera.',
    },
    workflow: {
      label: 'procedura',
      about: 'La procedura dei suoi lavori',
      must: 'Deve essere una procedura.',
    },
    cron: {
      label: 'cron',
      about: 'minuto ora giorno mese settimana: 30 3 * * 1-5. Oppure ogni.',
      must: "Non è un'espressione cron. Esempio: 30 3 * * 1-5",
    },
    every: {
      label: 'ogni',
      about: "Intervallo dall'ultima esecuzione: 15m. Oppure cron.",
      must: 'Deve essere una durata da 1s a 3650d, come 15m.',
    },
    timeZone: {
      label: 'fuso orario',
      about: 'Per esempio Europe/Rome; vuoto: quello di questa macchina.',
      must: 'Fuso orario sconosciuto. Esempi: Europe/Rome, UTC.',
    },
    activeHours: {
      label: 'ore attive',
      about: 'Solo in questa fascia: 08:00-20:00. Anche oltre mezzanotte: 22:00-06:00.',
      must: 'Deve essere una fascia oraria come 08:00-20:00.',
    },
    jitter: {
      label: 'ritardo casuale',
      about: 'Ritardo massimo di ogni esecuzione: 30s. Vuoto: nessuno.',
      must: 'Deve essere una durata come 30s.',
    },
    catchUp: {
      label: 'recupero',
      about: "Ritardo massimo di un'esecuzione persa: 1h. Vuoto: nessun recupero.",
      must: 'Deve essere una durata come 1h.',
    },
    overlap: {
      label: "se l'ultima è in corso",
      about: "Cosa fare se l'ultima esecuzione non è ancora finita.",
      must: 'Deve essere una delle scelte.',
    },
    input: {
      label: 'dati',
      about: 'I dati dei suoi lavori, in JSON: {"shop": "https://example.com"}',
      must: 'Deve essere JSON.',
    },
  },
  problem: {
    timing: 'Occorre cron oppure ogni, uno solo dei due.',
    sameHours: "L'inizio deve essere diverso dalla fine.",
    never: 'Nessuna esecuzione possibile.',
    neverWithinHours: 'Nessuna esecuzione possibile nelle ore attive.',
  },
  paused: 'in pausa',
  never: 'mai',
  outcome: { fired: 'in coda', skipped: 'saltata', missed: 'persa' },
  fired: job => `lavoro ${job} messo in coda`,
  askedFor: job => `lavoro ${job} messo in coda, avviato a mano`,
  running: job => `saltata: il lavoro ${job} è ancora in corso`,
  waiting: job => `saltata: il lavoro ${job} è già in attesa`,
  late: due => `persa: prevista per ${due}, troppo tardi per recuperarla`,
  inactive: due => `persa: prevista per ${due}, ore attive già finite`,
  before: plural({ one: 'persa anche # precedente', other: 'perse anche # precedenti' }),
  added: (name, next) => `Pianificazione ${name} aggiunta. Prossima esecuzione: ${next}`,
  replaced: (name, next) => `Pianificazione ${name} modificata. Prossima esecuzione: ${next}`,
  replacedPaused: name =>
    `Pianificazione ${name} modificata. È ancora in pausa. Si riprende con: automate-tui schedules resume ${name}`,
  removed: name => `Pianificazione ${name} rimossa.`,
  pausedNow: name => `Pianificazione ${name} in pausa.`,
  resumedNow: (name, next) => `Pianificazione ${name} ripresa. Prossima esecuzione: ${next}`,
  cancelled: jobs => `Annullati i suoi lavori non ancora iniziati: ${jobs}.`,
}
