import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const Package = z.object({ name: z.literal('automate-tui'), version: z.string() })

/** The program's version, from its package.json: beside `bin/` in the sources, above `dist/` in the package. */
export function version(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file)) return Package.parse(JSON.parse(readFileSync(file, 'utf8'))).version
    if (dirname(folder) === folder) return 'unknown'
  }
}
