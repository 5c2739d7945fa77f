import { closeSync, openSync, writeSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { ProjectPaths } from '../lib/core/paths.ts'
import { systemCode } from '../lib/core/errors.ts'
import type { TableQuery } from '../lib/domain/table.ts'
import type { CommandResult, TableCommand } from '../screens/snapshot.ts'
import { forEachOne } from './for-each-one.ts'
import { csvText, recordOf, tablePages } from './table-pages.ts'
import type { StoreCalls } from './with-store.ts'

/** What the operator does to the rows of a table in the console. Of several rows one that refuses holds up none of the others. */
export async function changeTable(
  store: StoreCalls,
  paths: ProjectPaths,
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
      return forEachOne(rows, ({ key, seen }) => store.call('tables.update', { table, key, seen, values }))
    }
    case 'rows.remove': {
      const { table, keys } = command
      return forEachOne(keys, key => store.call('tables.remove', { table, key }))
    }
    case 'rows.export':
      return exportRows(store, paths, command.query, command.format, at)
  }
}

const PRIVATE_FILE = 0o600

/** Writes all rows that a query lets through, whole, into a new file of `data/reports`, page by page. */
async function exportRows(
  store: StoreCalls,
  paths: ProjectPaths,
  query: TableQuery,
  format: 'csv' | 'json',
  at: number,
): Promise<CommandResult> {
  const { file, path } = newFile(paths.reports, `${query.table}_${stamp(at)}`, format)
  let rows = 0
  try {
    if (format === 'json') writeSync(file, '[')
    for await (const page of tablePages(store, { ...query, whole: true })) {
      if (format === 'csv') writeSync(file, csvText(page.table, page.rows, rows === 0))
      else
        for (const [index, row] of page.rows.entries())
          writeSync(file, `${rows + index === 0 ? '\n' : ',\n'}${JSON.stringify(recordOf(page.table, row))}`)
      rows += page.rows.length
    }
    if (format === 'json') writeSync(file, '\n]\n')
  } finally {
    closeSync(file)
  }
  return { ok: true, path: relative(paths.root, path), rows }
}

/** `2026-03-23_14-05-09` in local time: what a file name may hold everywhere. */
function stamp(at: number): string {
  const date = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day}_${date.toTimeString().slice(0, 8).replaceAll(':', '-')}`
}

/** More files of one second than a person can write. */
const MOST_A_SECOND = 100

function newFile(folder: string, name: string, extension: string): { file: number; path: string } {
  for (let number = 1; ; number += 1) {
    const path = join(folder, `${name}${number === 1 ? '' : `_${number}`}.${extension}`)
    try {
      return { file: openSync(path, 'wx', PRIVATE_FILE), path }
    } catch (error) {
      if (systemCode(error) !== 'EEXIST' || number >= MOST_A_SECOND) throw error
    }
  }
}
