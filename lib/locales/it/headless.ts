import type { headlessWords as english } from '../en/headless.ts'
import { pluralFor } from '../plural.ts'

const plural = pluralFor('it-IT')

/** Lines that a scheduler without screens prints. */
export const headlessWords: typeof english = {
  headless: {
    notice: 'notifica',
    scheduler: 'scheduler',
    workflow: 'procedura',
    service: 'servizio',
    job: id => `lavoro ${id}`,
    member: (id, member, members) => `lavoro ${id} · ${member}/${members}`,
    schedulerIs: (phase, slots) => `${phase}, al massimo ${slots} worker`,
    schedulerPaused: paused =>
      `${paused}: i lavori in coda aspettano. Fallo riprendere con: automate-tui services start scheduler`,
    drains: (jobs, until) => `${jobs}, al massimo fino alle ${until}`,
    cannotBeUsed: why => `non utilizzabile: ${why}`,
    attempt: attempt => `(tentativo ${attempt})`,
    crash: (id, phase, why) => `guasto ${id} in ${phase}: ${why}`,
    priority: priority => `priorità ${priority}`,
    result: value => `risultato: ${value}`,
    schedule: 'pianificazione',
    domain: 'dominio',
    moreAskToWait: plural({
      one: '# altro chiede di aspettare',
      other: 'altri # chiedono di aspettare',
    }),
    asksToWait: (domain, seconds, status) => `${domain} chiede di aspettare ${seconds} s (${status})`,
    nothingToDo:
      'niente in coda, in corso o in programma. "automate-tui enqueue <procedura>" mette in coda un lavoro, "automate-tui run <procedura>" ne esegue uno subito.',
    someLeft: (ended, left) => `nient'altro da fare: lavori finiti: ${ended}, rimasti: ${left}`,
    allDone: plural({
      one: 'niente più da fare: # lavoro finito',
      other: 'niente più da fare: # lavori finiti',
    }),
  },
}
