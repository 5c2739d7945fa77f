import { chmodSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { PROGRAM } from './automate.ts'
import { newFolder } from './project.ts'

/** A search path on which `automate-tui` is this tree's, for shells that are no Windows'. */
export function pathWithProgram(): string {
  const folder = newFolder()
  const file = join(folder, 'automate-tui')
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`)
  chmodSync(file, 0o755)
  return `${folder}${delimiter}${process.env['PATH'] ?? ''}`
}
