import type { Topic } from '../harness/competitor.ts'
import { automateTui } from './automate-tui.ts'
import { betterSqlite3 } from './better-sqlite3.ts'

export const store: Topic = {
  name: 'store',
  title: 'read-modify-write in BEGIN IMMEDIATE, every commit synced, several processes, 5 MB database',
  figure: 'rate',
  unit: 'transaction',
  needsBrowser: false,
  opensPages: false,
  countsCpu: false,
  baseline: betterSqlite3.name,
  competitors: [automateTui, betterSqlite3],
}
