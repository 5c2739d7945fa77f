import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { ProjectPaths } from '../core/paths.ts'
import { CrashDocument, OutcomeDocument } from '../domain/documents.ts'
import { readJsonSync } from '../files/atomic-json.ts'
import { sweepProcesses } from '../platform/sweep-processes.ts'
import type { Store } from '../store/store.ts'
import { removeSpent } from './exit-collector.ts'
import { removeFolder, sweep, workerDocuments } from './sweep.ts'

/**
 * Takes over what an earlier scheduler left, however it ended: ends its workers and their Chromes that still live, keeps their crash reports, hands its
 * running jobs back to the queue, and tidies its folders.
 */
export async function recover(store: Store, paths: ProjectPaths, now: number, log: Log): Promise<void> {
  const documents = workerDocuments(paths, log)
  const ended = await sweepProcesses(documents.flatMap(document => document.processes))
  if (ended.length > 0)
    log.warn(`${ended.length} process(es) of an earlier run were still alive and have been ended.`)

  for (const file of readdirSync(paths.crashes)) {
    if (!file.endsWith('.json') || file.startsWith('.')) continue
    const path = join(paths.crashes, file)
    try {
      await store.call('crashes.record', { file, document: readJsonSync(path, CrashDocument) })
      removeSpent([path], log)
    } catch (error) {
      log.error(`Crash report ${file} could not be taken over, and stays where it is: ${messageOf(error)}`)
    }
  }

  for (const { id, state } of await store.call('jobs.recover', {})) {
    log.warn(`Job ${id} was running when the last scheduler ended: ${state}.`, { jobId: id })
  }
  await keepOutcomes(store, paths, log)
  // Their processes have been ended: none has an owner any more.
  for (const { browser } of documents) {
    if (browser !== null) removeFolder(join(paths.profiles, basename(browser.profile)), log)
  }
  removeSpent(
    [
      ...documents.map(({ workerId }) => join(paths.workerStates, `${workerId}.json`)),
      ...readdirSync(paths.assignments).map(file => join(paths.assignments, file)),
      ...readdirSync(paths.results).map(file => join(paths.results, file)),
    ],
    log,
  )
  sweep(paths, now, log)
}

/** How workers ended whose scheduler did not live to read it. */
async function keepOutcomes(store: Store, paths: ProjectPaths, log: Log): Promise<void> {
  for (const file of readdirSync(paths.results)) {
    if (!file.endsWith('.json') || file.startsWith('.')) continue
    try {
      await store.call('members.record', readJsonSync(join(paths.results, file), OutcomeDocument))
    } catch (error) {
      log.warn(`Result ${file} could not be taken over: ${messageOf(error)}`)
    }
  }
}
