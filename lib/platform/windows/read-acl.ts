import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lazy } from '../../core/lazy.ts'
import { parseAcl, parseOwner } from './acl.ts'
import type { AllowEntry } from './acl.ts'
import { system32 } from './system32.ts'

/**
 * Timeout of the programs below. They normally take 100 ms, and PowerShell a second, but many times
 * that on a loaded machine.
 */
const LIMIT_MS = 20_000

const SYSTEM = 'S-1-5-18'
const ADMINISTRATORS = 'S-1-5-32-544'
const SID = /S-1-[\d-]+/

/** Resolves with the SID of the user of this process; undefined if Windows does not report it. */
export const currentSid = lazy(async (): Promise<string | undefined> => {
  const { output } = await run('whoami.exe', ['/user', '/fo', 'csv', '/nh'])
  return SID.exec(output)?.[0]
})

/**
 * Reads the access control list of a file or folder. Resolves with undefined if it cannot be read.
 * The list is read as SDDL, because the account names that `icacls` prints depend on the language
 * of Windows.
 */
export async function readAcl(path: string): Promise<readonly AllowEntry[] | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'automate-tui-acl-'))
  try {
    const file = join(folder, 'acl')
    await run('icacls.exe', [path, '/save', file, '/q'])
    return parseAcl(savedText(readFileSync(file)))
  } catch {
    return undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Environment variable that passes the paths to PowerShell, separated by a character that no file
 * name can contain.
 */
const PATHS = 'AUTOMATE_TUI_ACL_PATHS'

/**
 * PowerShell command that prints one line of SDDL for each path, or an empty line for a path that
 * cannot be read.
 */
const PRINT_SDDL = `foreach ($path in $env:${PATHS}.Split('|')) { try { '' + (Get-Acl -LiteralPath $path -ErrorAction Stop).Sddl } catch { '' } }`

/**
 * Resolves with the owner of each file or folder, or undefined for an owner that cannot be read.
 * Uses PowerShell, because `icacls` does not print owners.
 */
export async function readOwners(paths: readonly string[]): Promise<(string | undefined)[]> {
  // PSModulePath is removed. With the value that PowerShell 7 sets, Windows PowerShell would load
  // the modules of PowerShell 7 instead of its own.
  const env = Object.entries(process.env).filter(([name]) => name.toLowerCase() !== 'psmodulepath')
  const { output } = await run(
    'WindowsPowerShell\\v1.0\\powershell.exe',
    ['-NoProfile', '-NonInteractive', '-Command', PRINT_SDDL],
    { ...Object.fromEntries(env), [PATHS]: paths.join('|') },
  )
  return ownersOf(output, paths.length)
}

/** Parses the output of `PRINT_SDDL` for `count` paths, and returns their owners. */
export function ownersOf(output: string, count: number): (string | undefined)[] {
  const lines = output.split(/\r?\n/)
  return Array.from({ length: count }, (_, index) => parseOwner(lines[index] ?? ''))
}

/**
 * Restricts access to a file, or to a folder and its contents, to this user, SYSTEM and the
 * administrators. Resolves with true if `icacls` succeeded.
 */
export async function makePrivate(path: string): Promise<boolean> {
  const user = await currentSid()
  if (user === undefined) return false
  const { ok } = await run('icacls.exe', privateArguments(path, user, statSync(path).isDirectory()))
  return ok
}

/**
 * Returns the arguments with which `icacls` makes a file or folder private. The entries of a folder
 * are inherited by files that are created in it.
 */
export function privateArguments(path: string, user: string, isFolder = true): string[] {
  const grants = [user, SYSTEM, ADMINISTRATORS].map(sid => `*${sid}:${isFolder ? '(OI)(CI)' : ''}F`)
  return [path, '/inheritance:r', '/grant:r', ...grants, '/q']
}

/**
 * Returns the arguments with which `icacls` resets the files that match a pattern, and everything
 * below them, to the entries that they inherit from their parent folder.
 */
export const resetArguments = (pattern: string): string[] => [pattern, '/reset', '/t', '/c', '/q']

/** Decodes a file that `icacls /save` wrote: UTF-16, with or without a byte order mark. */
export function savedText(bytes: Buffer): string {
  return bytes.toString(bytes.includes(0) ? 'utf16le' : 'utf8')
}

function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly ok: boolean; readonly output: string }> {
  return new Promise(resolve => {
    execFile(system32(program), args, { timeout: LIMIT_MS, windowsHide: true, env }, (error, stdout) =>
      resolve({ ok: error === null, output: stdout }),
    )
  })
}
