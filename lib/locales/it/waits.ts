import { pluralFor } from '../plural.ts'
import type { waitWords as english } from '../en/waits.ts'

const plural = pluralFor('it-IT')

export const waitWords: typeof english = {
  scheduler: {
    starting: 'lo scheduler sta partendo',
    'no-room': 'il disco è pieno: nessun lavoro parte finché manca spazio',
    untrusted:
      'un altro utente può modificare il progetto: nessun lavoro parte finché può farlo, vedi "automate-tui services"',
    'no-worker': 'impossibile avviare un worker, e lo scheduler riprova: vedi "automate-tui services"',
    draining: 'lo scheduler si sta fermando e non avvia più lavori',
  },
  scope: 'aspetta uno scheduler: quello attivo esegue soltanto il lavoro di "automate-tui run"',
  missing: {
    broken: (workflow, problems) =>
      `aspetta la procedura ${workflow}: ${problems}. Correggi il file: il lavoro poi parte da solo`,
    folder: (workflow, folder) =>
      `aspetta la procedura ${workflow}: la cartella ${folder} non esiste, o non contiene procedure. Ripristina i file: il lavoro poi parte da solo`,
    removed: workflow =>
      `aspetta la procedura ${workflow}, che nessun file esporta. Ripristina il file: il lavoro poi parte da solo`,
    until: (words, at) => `${words}; fallisce a ${at}`,
  },
  byHand: plural({
    one: 'il suo scheduler è morto mentre il lavoro era in corso: la causa può essere il lavoro',
    other: 'il suo scheduler è morto # volte mentre il lavoro era in corso: la causa può essere il lavoro',
  }),
  retry: id => `leggi il suo registro, poi: automate-tui retry ${id}`,
  jobs: jobs => `aspetta ${jobs}`,
  jobsInShort: (count, named, more) =>
    `aspetta ${count === 1 ? 'il lavoro' : 'i lavori'} ${named}${more === 0 ? '' : ` e ${more === 1 ? 'un altro' : `altri ${more}`}`}`,
  account: (account, job) => `aspetta l'account ${account}, che usa il lavoro ${job}`,
  due: at => `non parte prima di ${at}`,
  putOff: (why, until) => `${why}; nuovo controllo: ${until}`,
  concurrency: (workflow, running, most) =>
    `aspetta la fine di un lavoro di ${workflow}: in corso ${running} su ${most} consentiti (concurrency)`,
  domain: (domain, workers, most) =>
    `aspetta che un worker lasci ${domain}: presenti ${workers} su ${most} consentiti (domainWorkers)`,
  proxies: (workers, most) =>
    `aspetta che si liberi un proxy: usati ${workers} posti su ${most} (proxyWorkers)`,
  slots: (taken, slots, needs) =>
    `aspetta che si liberino dei worker: occupati ${taken} su ${slots}, necessari ${needs}`,
}
