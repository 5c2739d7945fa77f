import { pluralFor } from '../plural.ts'
import { proxyFault } from './proxy-fault.ts'

const plural = pluralFor('en-GB')

/** Texts of the lists of tables, takeovers, proxies and logins. */
export const listWords = {
  tables: {
    columns: { table: 'table', rows: 'rows', change: 'may be changed', rights: 'rows may be' },
    add: 'added',
    remove: 'removed',
    nothing: '-',
    noRows: 'No rows.',
    changed: (table: string, key: string) => `Row ${key} of ${table} is changed.`,
    added: (table: string, key: string) => `Row ${key} is added to ${table}.`,
    removed: (table: string, key: string) => `Row ${key} is removed from ${table}.`,
  },
  takeover: {
    none: 'No worker waits for a person.',
    columns: { worker: 'worker', job: 'job', waits: 'waits for', since: 'since', until: 'until' },
    asked: {
      pause: (worker: string) => `Worker ${worker} pauses before its next action.`,
      answer: (worker: string) => `Worker ${worker} goes on with it.`,
      given: (worker: string) =>
        `The answer is given to worker ${worker}, which has not confirmed it. "automate-tui logs" shows its reply.`,
      resume: (worker: string) => `Worker ${worker} goes on.`,
      skip: (worker: string) => `Worker ${worker} goes on without it.`,
      fail: (worker: string) => `The phase of worker ${worker} fails.`,
      input: (worker: string) => `Worker ${worker} has done it to its page.`,
      sent: (worker: string) =>
        `It is sent to worker ${worker}, which has not confirmed it. "automate-tui logs" shows its reply.`,
      close: (worker: string) => `Worker ${worker} closes its browser.`,
    },
    typeNow: (worker: string) =>
      `Type for worker ${worker}, then press Enter and Ctrl+D. What you type is not shown.`,
    picture: (path: string, address: string) => `The picture is in ${path}. It shows ${address}`,
  },
  proxies: {
    none: 'There are no proxies: browsers go out directly. Set "proxies" in automate.config.ts.',
    columns: {
      proxy: 'Proxy',
      state: 'State',
      successes: 'Worked',
      failures: 'Failed',
      uses: 'Used',
      lastUsed: 'Last used',
      coolUntil: 'Not before',
      lastError: 'Failed last',
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
        one: 'waits for a proxy: its only one has failed and is left alone for a while',
        other: 'waits for a proxy: all # have failed and are left alone for a while',
      }),
      full: plural({
        one: 'waits for a proxy: its only one is in use by as many workers as may be',
        other:
          'waits for a proxy: of all # those that may be used now are in use by as many workers as may be',
      }),
    },
  },
  sessions: {
    none: 'No login is saved.',
    columns: { site: 'site', account: 'account', saved: 'saved', used: 'used now' },
    usedBy: (job: number) => `by job ${job}`,
    forgotten: (account: string) => `The login of ${account} is forgotten.`,
  },
}
