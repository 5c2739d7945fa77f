import { pluralFor } from '../plural.ts'
import type { schedulesWords as english } from '../en/schedules.ts'

const plural = pluralFor('it-IT')

export const schedulesWords: typeof english = {
  none: 'Non ci sono pianificazioni. Se ne crea una con: automate-tui schedules add <nome> <procedura> --cron "0 3 * * *"',
  stopped:
    'Il servizio cron è fermo: nessuna pianificazione mette lavori in coda. Si avvia con: automate-tui services start cron',
  columns: {
    schedule: 'pianificazione',
    workflow: 'procedura',
    when: 'quando',
    next: 'prossima',
    last: 'ultima',
    from: 'da',
  },
  nameTaken: name =>
    `La pianificazione "${name}" della configurazione non è usata, perché un operatore ne ha creata una con lo stesso nome. Si può rinominarla nella configurazione, oppure rimuovere l'altra con: automate-tui schedules remove ${name}`,
  noNext: 'Nessuna esecuzione in vista: ciò che è in pausa, o concluso, non ne ha.',
  nextColumns: { schedule: 'pianificazione', at: 'alle', inZone: 'nel suo fuso orario' },
  source: { operator: 'operatore', config: 'configurazione' },
  every: duration => `ogni ${duration}`,
  facts: { input: 'dati', overlap: "se l'ultimo è in corso", jitter: 'ritardo casuale', catchUp: 'recupero' },
  overlap: {
    skip: "saltata finché l'ultima è in corso",
    queue: "attende l'ultima",
    replace: "prende il posto dell'ultima",
  },
  form: {
    name: {
      label: 'nome',
      about: 'Come si chiama: rapporto-notturno',
      must: 'Solo lettere minuscole, cifre e "-", al massimo 60, prima una lettera.',
    },
    workflow: {
      label: 'procedura',
      about: 'Che cosa eseguono i suoi lavori',
      must: 'Deve essere una procedura.',
    },
    cron: {
      label: 'cron',
      about: 'minuto ora giorno mese settimana: 30 3 * * 1-5. Oppure ogni.',
      must: 'Non è una espressione cron. Eccone una: 30 3 * * 1-5',
    },
    every: {
      label: 'ogni',
      about: "Tanto dopo l'ultima volta: 15m. Oppure cron.",
      must: 'Deve essere una durata di almeno 1s, come 15m.',
    },
    timeZone: {
      label: 'fuso orario',
      about: 'Come Europe/Rome; vuoto per quello di questa macchina.',
      must: 'Non esiste questo fuso orario. Ci sono nomi come Europe/Rome e UTC.',
    },
    activeHours: {
      label: 'ore attive',
      about: 'Solo in queste: 08:00-20:00. 22:00-06:00 passa la mezzanotte.',
      must: 'Devono essere ore come 08:00-20:00.',
    },
    jitter: {
      label: 'ritardo casuale',
      about: 'Ogni esecuzione parte fino a tanto dopo: 30s. Vuoto: nessuno.',
      must: 'Deve essere una durata come 30s.',
    },
    catchUp: {
      label: 'recupero',
      about: 'Di quanto può tardare chi non poteva in tempo. Vuoto: mai.',
      must: 'Deve essere una durata come 1h.',
    },
    overlap: {
      label: "se l'ultimo è in corso",
      about: "Che ne è di un'esecuzione dovuta prima che l'ultima sia finita.",
      must: 'Deve essere una delle scelte.',
    },
    input: {
      label: 'dati',
      about: 'Che cosa ricevono i suoi lavori, in JSON: {"shop": "https://example.com"}',
      must: 'Deve essere JSON.',
    },
  },
  problem: {
    timing: 'Occorre cron oppure ogni: uno solo dei due.',
    sameHours: 'Non devono iniziare quando finiscono.',
    never: 'Non sarebbe mai il momento.',
    neverWithinHours: 'Non sarebbe mai il momento nelle sue ore attive.',
  },
  paused: 'in pausa',
  never: 'mai',
  outcome: { fired: 'in coda', skipped: 'saltata', missed: 'persa' },
  fired: job => `lavoro ${job} messo in coda`,
  askedFor: job => `lavoro ${job} messo in coda, avviato a mano`,
  running: job => `saltata: il lavoro ${job} è ancora in corso`,
  waiting: job => `saltata: il lavoro ${job} attende già`,
  late: due => `persa: era per le ${due}, ormai è troppo tardi per recuperarla`,
  inactive: due => `persa: era per le ${due}, le sue ore attive sono finite`,
  before: plural({ one: 'persa anche # prima', other: 'perse anche # prima' }),
  added: (name, next) => `Pianificazione ${name} aggiunta. Prossima esecuzione: ${next}`,
  replaced: (name, next) => `Pianificazione ${name} cambiata. Prossima esecuzione: ${next}`,
  removed: name => `Pianificazione ${name} tolta.`,
  pausedNow: name => `Pianificazione ${name} in pausa.`,
  resumedNow: (name, next) => `Pianificazione ${name} ripresa. Prossima esecuzione: ${next}`,
  cancelled: jobs => `I suoi lavori non ancora iniziati sono annullati: ${jobs}.`,
}
