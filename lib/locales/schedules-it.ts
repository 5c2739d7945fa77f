import { pluralFor } from './plural.ts'
import type { schedulesEn } from './schedules-en.ts'

const plural = pluralFor('it-IT')

export const schedulesIt: typeof schedulesEn = {
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
  nextColumns: { schedule: 'pianificazione', at: 'alle', inZone: 'sul posto' },
  source: { operator: 'operatore', config: 'configurazione' },
  every: duration => `ogni ${duration}`,
  facts: { input: 'dati', overlap: 'insieme', jitter: 'scarto', catchUp: 'recupero' },
  overlap: {
    skip: "saltata finché l'ultima è in corso",
    queue: "attende l'ultima",
    replace: "prende il posto dell'ultima",
  },
  paused: 'in pausa',
  never: 'mai',
  outcome: { fired: 'in coda', skipped: 'saltata', missed: 'persa' },
  fired: job => `lavoro ${job} messo in coda`,
  askedFor: job => `lavoro ${job} messo in coda, come richiesto`,
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
