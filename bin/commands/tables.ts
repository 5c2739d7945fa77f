import { AutomateError } from '../../lib/core/errors/errors.ts'
import { parseFilter } from '../../lib/model/table.ts'
import type { Cell, RowKey, TableColumn, TableInfo, TableQuery } from '../../lib/model/table.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { InputDomains } from '../../lib/app/use-cases/input-domains.ts'
import { localTime, printResult, table as columns } from '../output/output.ts'
import { csvText, recordOf, tablePages } from '../../lib/app/queries/table-pages.ts'
import { openProject, wordsOf } from '../../lib/app/project/project.ts'
import type { ProjectFlags } from '../../lib/app/project/project.ts'
import { readStore, withStore } from '../../lib/app/project/with-store.ts'
import type { StoreCalls } from '../../lib/app/project/with-store.ts'
import { parseWholeNumber } from '../whole-number.ts'

export interface RowFlags {
  readonly filter?: string
  readonly sort?: string
  readonly limit?: string
  readonly csv: boolean
  readonly json: boolean
}

export async function listTables(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags, { readOnly: true })
  const { tables: words } = wordsOf(project)
  const tables = await readStore(project, store => store.call('tables.list', {}))
  printResult(tables, json, list =>
    columns(
      Object.values(words.columns),
      list.map(one => [one.name, one.rows, editable(one) || words.nothing, rights(one, words)]),
    ),
  )
  return EXIT.done
}

const editable = (table: TableInfo): string =>
  table.columns.flatMap(({ name, edit }) => (edit === 'always' ? [name] : [])).join(', ')

const rights = (
  { insert, remove }: TableInfo,
  words: { add: string; remove: string; nothing: string },
): string => [...(insert ? [words.add] : []), ...(remove ? [words.remove] : [])].join(', ') || words.nothing

/**
 * Prints the rows of a table for people, as JSON with times in milliseconds since the Unix epoch,
 * or as CSV with times in ISO 8601.
 */
export async function printRows(flags: ProjectFlags, table: string, how: RowFlags): Promise<ExitCode> {
  if (how.csv && how.json)
    throw new AutomateError('usage', '--csv and --json cannot be combined. Use one of them.')
  const limit = how.limit === undefined ? Infinity : wholeNumber('--limit', how.limit, 1)
  const project = await openProject(flags, { readOnly: true })
  const { tables: words } = wordsOf(project)
  const query: TableQuery = {
    ...{ table, ...filterPart(how.filter), ...sortPart(how.sort) },
    whole: how.csv || how.json,
  }
  const { info, rows } = await readStore(project, store => allRows(store, query, limit))
  if (how.csv) {
    process.stdout.write(csvText(info, rows, true))
    return EXIT.done
  }
  printResult(
    rows.map(row => recordOf(info, row)),
    how.json,
    () =>
      rows.length === 0
        ? words.noRows
        : columns(
            info.columns.map(({ name }) => name),
            rows.map(row => row.map((cell, index) => shown(info.columns[index], cell))),
          ),
  )
  return EXIT.done
}

async function allRows(
  store: StoreCalls,
  query: TableQuery,
  limit: number,
): Promise<{ info: TableInfo; rows: (readonly Cell[])[] }> {
  const rows: (readonly Cell[])[] = []
  for await (const page of tablePages(store, query, limit)) {
    rows.push(...page.rows)
    if (page.last) return { info: page.table, rows }
  }
  throw new AutomateError('bug', 'The last page of a table is missing.')
}

function shown(column: TableColumn | undefined, cell: Cell): string {
  return column?.kind === 'instant' && typeof cell === 'number' ? localTime(cell) : String(cell ?? '')
}

export async function changeRow(
  flags: ProjectFlags,
  table: string,
  keys: readonly string[],
  changes: readonly string[],
  json: boolean,
): Promise<ExitCode> {
  const values = pairs(changes)
  const project = await openProject(flags)
  const { place, seen } = await withStore(project, async store => {
    const info = await tableInfo(store, table)
    const place = { table, key: rowKey(info, keys) }
    const row = await store.call('tables.row', place)
    return { place, seen: row === null ? {} : recordOf(info, row) }
  })
  // The store is opened for each call, so that other processes do not wait for it while a workflow
  // loads, which may take long.
  const use: StoreCalls = {
    call: (name, input, options) => withStore(project, store => store.call(name, input, options)),
  }
  const domains = await new InputDomains(project).of(use, { ...place, values })
  await use.call('tables.update', { ...place, values, seen, domains })
  const { key } = place
  printResult({ table, key }, json, () => wordsOf(project).tables.changed(table, JSON.stringify(key)))
  return EXIT.done
}

export async function addRow(
  flags: ProjectFlags,
  table: string,
  values: readonly string[],
  json: boolean,
): Promise<ExitCode> {
  const typed = pairs(values)
  const project = await openProject(flags)
  const { key } = await withStore(project, store => store.call('tables.insert', { table, values: typed }))
  printResult({ table, key }, json, () => wordsOf(project).tables.added(table, JSON.stringify(key)))
  return EXIT.done
}

export async function removeRow(
  flags: ProjectFlags,
  table: string,
  keys: readonly string[],
  json: boolean,
): Promise<ExitCode> {
  const project = await openProject(flags)
  const key = await withStore(project, async store => {
    const place = { table, key: rowKey(await tableInfo(store, table), keys) }
    await store.call('tables.remove', place)
    return place.key
  })
  printResult({ table, key }, json, () => wordsOf(project).tables.removed(table, JSON.stringify(key)))
  return EXIT.done
}

async function tableInfo(store: StoreCalls, table: string): Promise<TableInfo> {
  return (await store.call('tables.rows', { table, limit: 1 })).table
}

/** Parses the key of a row from the command line. Values for numeric columns become numbers. */
function rowKey({ columns }: TableInfo, keys: readonly string[]): RowKey {
  const kinds = new Map(columns.map(({ name, kind }) => [name, kind]))
  return Object.fromEntries(
    Object.entries(pairs(keys)).map(([name, text]) => [
      name,
      kinds.get(name) === 'integer' ? wholeNumber(`--key ${name}`, text) : text,
    ]),
  )
}

function pairs(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map(pair => {
      const at = pair.indexOf('=')
      if (at <= 0) throw new AutomateError('usage', `A value must have the form column=value, got "${pair}".`)
      // Refused here, because a schema would drop this key without an error.
      if (pair.startsWith('__proto__=')) throw new AutomateError('usage', 'There is no column __proto__.')
      return [pair.slice(0, at), pair.slice(at + 1)] as const
    }),
  )
}

function filterPart(filter: string | undefined): Pick<TableQuery, 'filter'> {
  return filter === undefined ? {} : { filter: parseFilter(filter) }
}

function sortPart(sort: string | undefined): Pick<TableQuery, 'sort'> {
  if (sort === undefined) return {}
  const descending = sort.startsWith('-')
  return { sort: { column: descending ? sort.slice(1) : sort, descending } }
}

function wholeNumber(flag: string, text: string, least = 0): number {
  const value = parseWholeNumber(text)
  if (value !== undefined && value >= least) return value
  throw new AutomateError('usage', `${flag} must be a whole number of at least ${least}, got "${text}".`)
}
