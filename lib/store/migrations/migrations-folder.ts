import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AutomateError } from '../../core/errors/errors.ts'

/** One change to the schema. `migrations/0001-store.sql` has the number 1 and the name "store". */
export interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
  /**
   * SHA-256 of the text with LF as line endings, because a checkout may change the line endings.
   */
  readonly checksum: string
}

const FILE_NAME = /^(\d{4})-([a-z0-9-]+)\.sql$/

/**
 * Returns the path of the package's `migrations/`. The sources run from lib/store, the compiled
 * package from dist/lib/store.
 */
export function migrationsFolder(): string {
  const folders = ['../../../migrations', '../../../../migrations'].map(path =>
    fileURLToPath(new URL(path, import.meta.url)),
  )
  const found = folders.find(folder => existsSync(folder))
  if (found !== undefined) return found
  throw new AutomateError(
    'environment-unfit',
    `The folder ${folders[0] ?? ''} is missing. Install automate-tui again.`,
  )
}

/**
 * Returns the migrations in a folder, ordered by number.
 * @throws `bug` if their numbers are not 1, 2, 3 and so on.
 */
export function readMigrations(folder = migrationsFolder()): Migration[] {
  const files = readdirSync(folder).filter(file => file.endsWith('.sql'))
  const migrations = files.toSorted().map(file => {
    const match = FILE_NAME.exec(file)
    if (match === null) {
      throw new AutomateError('bug', `"${file}" is not a valid migration name. Use NNNN-name.sql.`)
    }
    const sql = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n')
    const checksum = createHash('sha256').update(sql).digest('hex')
    return { number: Number(match[1]), name: match[2] ?? '', sql, checksum }
  })
  migrations.forEach(({ number }, index) => {
    if (number !== index + 1)
      throw new AutomateError('bug', `Migration ${index + 1} is missing from ${folder}.`)
  })
  return migrations
}
