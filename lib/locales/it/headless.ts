import type { headlessWords as english } from '../en/headless.ts'
import { pluralFor } from '../plural.ts'

const plural = pluralFor('it-IT')

/** Lines of the scheduler without screens. */
export const headlessWords: typeof english = {
  headless: {
    notice: 'avviso',
    scheduler: 'scheduler',
    workflow: 'procedura',
    service: 'servizio',
    job: id => `lavoro ${id}`,
    member: (id, member, members) => `lavoro ${id} · ${member}/${members}`,
    schedulerIs: (phase, slots) => `${phase}, al massimo ${slots} worker`,
    schedulerPaused: paused =>
      `${paused}: i lavori in coda aspettano. Riprende con: automate-tui services start scheduler`,
    drains: (jobs, until) => `${jobs}, al più tardi fino alle ${until}`,
    cannotBeUsed: why => `non si può usare: ${why}`,
    attempt: attempt => `(tentativo ${attempt})`,
    crash: (id, phase, why) => `guasto ${id} in ${phase}: ${why}`,
    priority: priority => `priorità ${priority}`,
    result: value => `risultato: ${value}`,
    schedule: 'pianif.',
    domain: 'dominio',
    moreAskToWait: plural({
      one: '# altro chiede di aspettare',
      other: 'altri # chiedono di aspettare',
    }),
    asksToWait: (domain, seconds, status) => `${domain} chiede di aspettare ${seconds} s (${status})`,
    nothingToDo:
      'niente è in coda, in corso o in scadenza. "automate-tui enqueue <procedura>" mette in coda un lavoro, "automate-tui run <procedura>" ne esegue uno subito.',
    someLeft: (ended, left) => `non si può fare altro: lavori finiti: ${ended}, rimasti: ${left}`,
    allDone: plural({
      one: 'non resta niente da fare: # lavoro è finito',
      other: 'non resta niente da fare: # lavori sono finiti',
    }),
  },
}
