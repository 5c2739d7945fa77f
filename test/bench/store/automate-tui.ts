import { cpSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AutomateError } from '../../../lib/core/errors/errors.ts'
import type { BenchOptions, Competitor, Measurement } from '../harness/competitor.ts'
import { sourcePath } from '../ours/compiled.ts'
import { openOurs } from '../ours/store.ts'
import { FILLER_SCHEMA } from './counter-database.ts'
import { driveClients } from './drive-clients.ts'

const CLIENT = fileURLToPath(new URL('./automate-tui-client.entry.ts', import.meta.url))

/**
 * Returns a folder with the package's migrations and one more, which fills the file to the size of
 * all measured stores.
 */
function migrationsWithFiller(scratch: string): string {
  const folder = join(scratch, 'migrations')
  cpSync(sourcePath('migrations'), folder, { recursive: true })
  const number = String(readdirSync(folder).length + 1).padStart(4, '0')
  writeFileSync(join(folder, `${number}-filler.sql`), FILLER_SCHEMA)
  return folder
}

async function run(options: BenchOptions): Promise<Measurement> {
  const owner = await openOurs(options.scratch, 'transient', migrationsWithFiller(options.scratch))
  const measurement = await driveClients(CLIENT, [options.scratch, String(options.increments)], options)
  const { value } = await owner.call('counters.read', { name: 'bench' })
  await owner.close()
  if (value !== measurement.units)
    throw new AutomateError(
      'result-invalid',
      `The counter shows ${value}, not ${measurement.units}: updates were lost.`,
    )
  return measurement
}

/**
 * Our store: the clients ask the owner over its endpoint, and the owner commits waiting requests
 * together.
 */
export const automateTui: Competitor = { name: 'automate-tui, one owner', run }
