import type { Cell } from '../../lib/model/table.ts'
import { CrashReport } from '../../lib/model/failure/crash.ts'
import type { Lookup, LookupAnswer } from '../../lib/app/port/lookup.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'
import { crashDetail } from '../fixtures/console/crash-detail.ts'
import { SETTINGS_ANSWER } from '../fixtures/console/settings.ts'
import { richSnapshot } from '../fixtures/console/snapshot.ts'
import { TABLES, scriptedAnswer } from '../fixtures/console/tables.ts'
import type { ScriptedTable } from '../fixtures/console/tables.ts'

/** Returns a snapshot in which all text from outside is hostile. */
export function hostileSnapshot(text: () => string): Snapshot {
  const { services, workers, log, crashes, jobs, scheduler } = richSnapshot()
  return richSnapshot({
    root: `/srv/${text()}`,
    services: services.map(service => ({ ...service, message: text() })),
    workers: workers.map(worker => ({
      ...worker,
      url: text(),
      log: text(),
      phase: worker.phase === null ? null : { ...worker.phase, name: text(), step: text() },
    })),
    log: log.map(line => ({ ...line, source: text(), message: text() })),
    crashes: crashes.map(crash => ({
      ...crash,
      errorName: text(),
      message: text(),
      frame: crash.frame === null ? null : text(),
      phase: crash.phase === null ? null : { ...crash.phase, step: text() },
    })),
    jobs: jobs.map(job => ({ ...job, workflow: text(), errorMessage: text() })),
    scheduler:
      scheduler === null
        ? null
        : {
            ...scheduler,
            workflows: scheduler.workflows.map(workflow => ({ ...workflow, summary: text() })),
          },
  })
}

/** Returns the lookup function of such a world. */
export function hostileAnswers(text: () => string): (lookup: Lookup) => LookupAnswer {
  const tables = TABLES.map((table): ScriptedTable => ({
    ...table,
    rows: table.rows.slice(0, 12).map((row, index) =>
      row.map((cell, place): Cell => {
        const kind = table.info.columns[place]?.kind
        if (kind === 'json') return JSON.stringify({ [text()]: text() })
        return kind === 'text' ? `${index} ${text()}` : cell
      }),
    ),
  }))
  const { report, ...told } = crashDetail(9)
  const crash = CrashReport.parse({
    ...report,
    error: { ...report.error, name: text(), message: text(), stack: `${text()}\n    at ${text()}` },
    url: text(),
    lastLines: [text(), text()],
    artefacts: [{ kind: 'workers', path: text() }],
  })
  return lookup => {
    if (lookup.type === 'crash')
      return { type: 'crash', detail: { report: { ...crash, id: lookup.id }, ...told } }
    if (lookup.type !== 'settings') return scriptedAnswer(lookup, tables)
    const { settings, proxies } = SETTINGS_ANSWER
    return {
      ...SETTINGS_ANSWER,
      settings: settings.map(setting => ({ ...setting, value: JSON.stringify(text()) })),
      proxies: proxies.map(proxy => ({ ...proxy, lastFault: { kind: 'unreachable', why: text() } })),
    }
  }
}
