import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { publishFile, writeAll } from '../../core/disk/whole-file.ts'
import { newUuid } from '../../core/ids.ts'
import type { ProjectPaths } from '../../core/process/paths.ts'
import { systemCode } from '../../core/errors/errors.ts'
import { terminalJson } from '../../core/terminal/terminal-json.ts'
import type { TableQuery } from '../../model/table.ts'
import type { CommandResult, TableCommand } from '../port/snapshot.ts'
import { applyToAll } from './apply-to-all.ts'
import { InputDomains } from './input-domains.ts'
import type { Project } from '../project/project.ts'
import { csvText, recordOf, tablePages } from '../queries/table-pages.ts'
import type { StoreCalls } from '../project/with-store.ts'

/**
 * Applies a change that the operator makes in the console to the rows of a table. The refusal of
 * one row does not stop the others.
 */
export async function changeTable(
  store: StoreCalls,
  project: Project,
  command: TableCommand,
  at: number,
): Promise<CommandResult> {
  switch (command.type) {
    case 'rows.insert': {
      const { table, values } = command
      await store.call('tables.insert', { table, values })
      return { ok: true }
    }
    case 'rows.change': {
      const { table, rows, values } = command
      const inputs = new InputDomains(project)
      return applyToAll(rows, async ({ key, seen }) => {
        const domains = await inputs.of(store, { table, key, values })
        return store.call('tables.update', { table, key, seen, values, domains })
      })
    }
    case 'rows.remove': {
      const { table, keys } = command
      return applyToAll(keys, key => store.call('tables.remove', { table, key }))
    }
    case 'rows.export':
      return exportRows(store, project.paths, command.query, command.format, at)
  }
}

const PRIVATE_FILE = 0o600

/**
 * Writes all rows that match a query to a new file in `data/reports`, page by page. The file is
 * renamed to its final name once it is complete.
 */
export async function exportRows(
  store: StoreCalls,
  paths: ProjectPaths,
  query: TableQuery,
  format: 'csv' | 'json',
  at: number,
): Promise<CommandResult> {
  const stem = `${query.table}_${stamp(at)}`
  const temporary = join(paths.reports, `.${stem}.${process.pid}.${newUuid()}.tmp`)
  try {
    const rows = await writeRows(store, query, format, temporary)
    return { ok: true, path: relative(paths.root, publish(temporary, paths.reports, stem, format)), rows }
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** Writes all rows that match a query to a file. Returns the number of rows. */
async function writeRows(
  store: StoreCalls,
  query: TableQuery,
  format: 'csv' | 'json',
  path: string,
): Promise<number> {
  const file = openSync(path, 'wx', PRIVATE_FILE)
  let rows = 0
  try {
    if (format === 'json') writeAll(file, '[')
    for await (const page of tablePages(store, { ...query, whole: true })) {
      if (format === 'csv') writeAll(file, csvText(page.table, page.rows, rows === 0))
      else
        for (const [index, row] of page.rows.entries())
          writeAll(file, `${rows + index === 0 ? '\n' : ',\n'}${terminalJson(recordOf(page.table, row))}`)
      rows += page.rows.length
    }
    if (format === 'json') writeAll(file, '\n]\n')
    fsyncSync(file)
    return rows
  } finally {
    closeSync(file)
  }
}

/** Returns a local time as `2026-03-23_14-05-09`, which is valid in a file name on every system. */
function stamp(at: number): string {
  const date = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day}_${date.toTimeString().slice(0, 8).replaceAll(':', '-')}`
}

/** Maximum number of files with the same second in their names, more than a person can write. */
const MOST_A_SECOND = 100

function publish(temporary: string, folder: string, stem: string, extension: string): string {
  for (let number = 1; ; number += 1) {
    const path = join(folder, `${stem}${number === 1 ? '' : `_${number}`}.${extension}`)
    try {
      publishFile(temporary, path)
      return path
    } catch (error) {
      if (systemCode(error) !== 'EEXIST' || number >= MOST_A_SECOND) throw error
    }
  }
}
