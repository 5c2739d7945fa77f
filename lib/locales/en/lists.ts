import { pluralFor } from '../plural.ts'
import { proxyFault } from './proxy-fault.ts'

const plural = pluralFor('en-GB')

/** Texts of the lists of tables, takeovers, proxies and logins. */
export const listWords = {
  tables: {
    columns: { table: 'table', rows: 'rows', change: 'editable columns', rights: 'rows can be' },
    add: 'added',
    remove: 'removed',
    nothing: '-',
    noRows: 'No rows.',
    changed: (table: string, key: string) => `Row ${key} of ${table} was changed.`,
    added: (table: string, key: string) => `Row ${key} was added to ${table}.`,
    removed: (table: string, key: string) => `Row ${key} was removed from ${table}.`,
  },
  takeover: {
    none: 'No worker is waiting for a person.',
    columns: { worker: 'worker', job: 'job', waits: 'waits for', since: 'since', until: 'until' },
    asked: {
      pause: (worker: string) => `Worker ${worker} pauses before its next action.`,
      answer: (worker: string) => `Worker ${worker} continues with the answer.`,
      given: (worker: string) =>
        `The answer was sent to worker ${worker}, which has not confirmed it. "automate-tui logs" shows its reply.`,
      resume: (worker: string) => `Worker ${worker} continues.`,
      skip: (worker: string) => `Worker ${worker} continues without a person.`,
      fail: (worker: string) => `The phase of worker ${worker} fails.`,
      input: (worker: string) => `Worker ${worker} performed the action on its page.`,
      sent: (worker: string) =>
        `The action was sent to worker ${worker}, which has not confirmed it. "automate-tui logs" shows its reply.`,
      close: (worker: string) => `Worker ${worker} closes its browser.`,
    },
    typeNow: (worker: string) =>
      `Type for worker ${worker}, then press Enter and Ctrl+D. The typed text is not shown.`,
    picture: (path: string, address: string) => `The picture is in ${path}. It shows ${address}`,
  },
  proxies: {
    none: 'There are no proxies: browsers connect directly. Set "proxies" in automate.config.ts.',
    columns: {
      proxy: 'Proxy',
      state: 'State',
      successes: 'Worked',
      failures: 'Failed',
      uses: 'Used',
      lastUsed: 'Last used',
      coolUntil: 'Not before',
      lastError: 'Last error',
    },
    testColumns: { proxy: 'Proxy', result: 'Result', took: 'Took', why: 'Why' },
    state: { healthy: 'healthy', cooling: 'cooling down', trial: 'on trial' },
    probe: {
      works: 'works',
      refuses: 'refuses',
      answers: 'answers with an error',
      silent: 'silent',
      unreachable: 'unreachable',
    },
    fault: proxyFault,
    waitReason: {
      reading: 'waits for the list of proxies, which is being read',
      unread: (trouble: string) => `waits for proxies, which could not be read: ${trouble}`,
      cooling: plural({
        one: 'waits for a proxy: its only one has failed and is cooling down',
        other: 'waits for a proxy: all # have failed and are cooling down',
      }),
      full: plural({
        one: 'waits for a proxy: its only one serves its maximum number of workers',
        other: 'waits for a proxy: the usable ones of # serve their maximum number of workers',
      }),
    },
  },
  sessions: {
    none: 'No login is saved.',
    columns: { site: 'site', account: 'account', saved: 'saved', used: 'used now' },
    usedBy: (job: number) => `by job ${job}`,
    forgotten: (account: string) => `The saved login of ${account} was removed.`,
  },
}
