import type { Lookup, LookupAnswer } from '../screens/lookup.ts'
import type { StoreCalls } from './with-store.ts'

/** Reads what a screen asks for beside the snapshot. */
export async function lookUp(store: StoreCalls, lookup: Lookup): Promise<LookupAnswer> {
  switch (lookup.type) {
    case 'database': {
      const { rows } = lookup
      const [tables, page] = await Promise.all([
        store.call('tables.list', {}),
        rows === null ? null : store.call('tables.rows', rows),
      ])
      return { type: 'database', tables, page }
    }
    case 'records': {
      const { table, keys } = lookup
      const [{ table: info }, ...rows] = await Promise.all([
        store.call('tables.rows', { table, limit: 1 }),
        ...keys.map(key => store.call('tables.row', { table, key })),
      ])
      return { type: 'records', table: info, rows }
    }
  }
}
