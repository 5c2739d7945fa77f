import { AutomateError } from '../../lib/core/errors/errors.ts'
import { accountName } from '../../lib/model/worker/account.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { localTime, printResult, table } from '../output/output.ts'
import { openProject, wordsOf } from '../../lib/app/project/project.ts'
import type { ProjectFlags } from '../../lib/app/project/project.ts'
import { readStore, withStore } from '../../lib/app/project/with-store.ts'

/** Lists the accounts that have a saved login or are in use. */
export async function listSessions(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags, { readOnly: true })
  const { sessions } = wordsOf(project)
  const accounts = await readStore(project, store => store.call('sessions.list', {}))
  printResult(accounts, json, list =>
    list.length === 0
      ? sessions.none
      : table(
          Object.values(sessions.columns),
          list.map(one => [
            one.site,
            one.account,
            localTime(one.savedAt),
            one.jobId === null ? '' : sessions.usedBy(one.jobId),
          ]),
        ),
  )
  return EXIT.done
}

/**
 * Removes the saved login of an account, at one site or, without `site`, at all sites.
 * @throws `usage` if there is no saved login.
 */
export async function forgetSession(
  flags: ProjectFlags,
  account: string,
  site: string | undefined,
  json: boolean,
): Promise<ExitCode> {
  const project = await openProject(flags)
  const forgotten = await withStore(project, store =>
    store.call('sessions.forget', { account, ...(site === undefined ? {} : { site }) }),
  )
  if (forgotten.length === 0) {
    throw new AutomateError(
      'usage',
      `No login of "${account}" is saved. "automate-tui sessions" lists the accounts.`,
      { facts: { account } },
    )
  }
  printResult(forgotten, json, list =>
    list.map(one => wordsOf(project).sessions.forgotten(accountName(one))).join('\n'),
  )
  return EXIT.done
}
