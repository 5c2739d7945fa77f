import { chmodSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { PROGRAM } from './built-program.ts'
import { newFolder } from '../store/project.ts'

/** Returns a search path on which `automate-tui` is this tree's program. */
export function pathWithProgram(): string {
  const folder = newFolder()
  const file = join(folder, 'automate-tui')
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`)
  chmodSync(file, 0o755)
  if (process.platform === 'win32') {
    writeFileSync(`${file}.cmd`, `@"${process.execPath}" "${PROGRAM}" %*\r\n`)
  }
  return `${folder}${delimiter}${process.env['PATH'] ?? ''}`
}
