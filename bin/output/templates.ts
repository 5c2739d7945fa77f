import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AutomateError } from '../../lib/core/errors/errors.ts'

/**
 * Returns the text of a template. The folder `templates/` is next to `bin/` in the sources, and
 * next to `dist/` in the package.
 */
export function readTemplate(name: string): string {
  const files = ['../../templates', '../../../templates'].map(path =>
    join(fileURLToPath(new URL(path, import.meta.url)), name),
  )
  const found = files.find(file => existsSync(file))
  if (found !== undefined) return readFileSync(found, 'utf8')
  throw new AutomateError('environment-unfit', `${files[0] ?? name} is missing. Install automate-tui again.`)
}
