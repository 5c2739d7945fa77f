import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { messageOf } from '../../lib/core/errors/errors.ts'
import { badCommands } from './bad-commands.ts'
import { badDocument, badRecording, badSecrets } from './bad-documents.ts'
import { badFolder } from './bad-folder.ts'
import { badConfigFile, badModules } from './bad-modules.ts'
import { badResult } from './bad-results.ts'
import { BadRows } from './bad-rows.ts'
import { badSettings } from './bad-settings.ts'
import { Nonsense } from './nonsense.ts'
import { randomFrom } from './random.ts'

export interface BadInputOptions {
  readonly seed: number
  /**
   * Number of tries at the cheapest boundaries. A command line, a module and a folder cost a
   * process each, so they get fewer tries.
   */
  readonly tries: number
  /** Path of an empty folder. */
  readonly root: string
  readonly say?: (line: string) => void
}

/** Cost of the other boundaries as a multiple of the cheapest. */
const COSTS = { recording: 5, command: 10, module: 15, document: 20 }

/** Limit for one boundary, because more problems show nothing new. */
const MOST_PROBLEMS = 10

/**
 * Feeds every boundary with senseless data: settings, `.env` and the configuration file, state
 * documents, results of workflows, secrets, recordings, requests to the store, its rows, command
 * lines, workflow modules, and the folders of a running scheduler. Returns the data that was not
 * refused properly.
 */
export async function feedBadInput(
  t: Pick<Test, 'teardown'>,
  { seed, tries, root, say = () => undefined }: BadInputOptions,
): Promise<string[]> {
  const problems: string[] = []
  const folder = join(root, 'files')
  const project = join(root, 'project')
  mkdirSync(folder)
  mkdirSync(project)
  writeFileSync(join(project, 'automate.config.ts'), '')
  const rows = await BadRows.open(folder)
  const some = (cost: number) => Math.max(1, Math.ceil(tries / cost))
  /**
   * Feeds one boundary. Each boundary has its own random numbers, so that it can be repeated alone.
   */
  const feed = async (what: string, count: number, wrong: (nonsense: Nonsense) => Promise<string[]>) => {
    const startedAt = performance.now()
    const found = await wrong(new Nonsense(randomFrom(seed)))
    problems.push(...found.slice(0, MOST_PROBLEMS).map(one => `${what}: ${one}`))
    say(`${count} × ${what}: ${found.length} wrong, ${Math.round(performance.now() - startedAt)} ms`)
  }
  const each = (
    what: string,
    count: number,
    one: (nonsense: Nonsense) => Promise<string | null> | string | null,
  ) => feed(what, count, nonsense => repeated(count, () => one(nonsense)))

  await each('settings', tries, nonsense => badSettings(nonsense, folder))
  await each('documents', tries, nonsense => badDocument(nonsense, folder))
  await each('results', tries, badResult)
  await each('secrets', tries, nonsense => badSecrets(nonsense, folder))
  await each('recordings', some(COSTS.recording), nonsense => badRecording(nonsense, folder))
  await each('requests', tries, nonsense => rows.badInput(nonsense))
  await each('rows', tries, nonsense => rows.badCell(nonsense))
  rows.close()
  const commands = some(COSTS.command)
  await feed('command lines', commands, nonsense => badCommands(nonsense, project, commands))
  const modules = some(COSTS.module)
  await feed('modules', modules, nonsense => badModules(nonsense, folder, modules))
  await each('configuration files', modules, nonsense => badConfigFile(nonsense, folder))
  const documents = some(COSTS.document)
  await feed('folders', documents, nonsense => badFolder(t, nonsense, join(root, 'running'), documents))
  return problems
}

async function repeated(count: number, one: () => Promise<string | null> | string | null): Promise<string[]> {
  const found: string[] = []
  for (let n = 0; n < count; n += 1) {
    try {
      const wrong = await one()
      if (wrong !== null) found.push(wrong)
    } catch (error) {
      found.push(`threw: ${error instanceof Error ? (error.stack ?? '') : messageOf(error)}`)
    }
  }
  return found
}
