import { pluralFor } from '../plural.ts'
import type { waitWords as english } from '../en/waits.ts'

const plural = pluralFor('it-IT')

export const waitWords: typeof english = {
  scheduler: {
    starting: 'lo scheduler sta partendo',
    'no-room': 'il disco è pieno: finché manca spazio non parte alcun lavoro',
    untrusted:
      'un altro utente può modificare il progetto: finché può farlo non parte alcun lavoro, vedi "automate-tui services"',
    'no-worker':
      'nessun processo worker si può avviare, e lo scheduler riprova: vedi "automate-tui services"',
    draining: 'lo scheduler si sta fermando e non avvia più lavori',
  },
  scope: 'aspetta uno scheduler: quello attivo fa soltanto il lavoro di "automate-tui run"',
  missing: {
    broken: (workflow, problems) =>
      `aspetta la procedura ${workflow}: ${problems}. Correggi il file: il lavoro poi parte da solo`,
    folder: (workflow, folder) =>
      `aspetta la procedura ${workflow}: la cartella ${folder} non esiste, o non contiene procedure. Rimetti i file: il lavoro poi parte da solo`,
    removed: workflow =>
      `aspetta la procedura ${workflow}, che nessun file esporta. Rimetti il suo file: il lavoro poi parte da solo`,
    until: (words, at) => `${words}; fallisce a ${at}`,
  },
  byHand: plural({
    one: 'il suo scheduler è morto mentre era in corso: forse è questo lavoro che lo uccide',
    other: 'il suo scheduler è morto # volte mentre era in corso: forse è questo lavoro che lo uccide',
  }),
  retry: id => `si guarda il suo log, poi: automate-tui retry ${id}`,
  jobs: jobs => `aspetta ${jobs}`,
  jobsInShort: (count, named, more) =>
    `aspetta ${count === 1 ? 'il lavoro' : 'i lavori'} ${named}${more === 0 ? '' : ` e ${more === 1 ? 'un altro' : `altri ${more}`}`}`,
  account: (account, job) => `aspetta l’account ${account}, che usa il lavoro ${job}`,
  due: at => `non parte prima di ${at}`,
  putOff: (why, until) => `${why}; si riguarda a ${until}`,
  concurrency: (workflow, running, most) =>
    `aspetta la fine di un lavoro di ${workflow}: ne girano ${running} su ${most} ammessi insieme (concurrency)`,
  domain: (domain, workers, most) =>
    `aspetta che un worker lasci ${domain}: ce ne sono ${workers} su ${most} ammessi insieme (domainWorkers)`,
  proxies: (workers, most) =>
    `aspetta che un worker lasci il suo proxy: li usano ${workers} su ${most} che tutti insieme ora possono averne (proxyWorkers)`,
  slots: (taken, slots, needs) =>
    `aspetta che si liberino dei worker: occupati ${taken} su ${slots}, ne servono ${needs}`,
}
