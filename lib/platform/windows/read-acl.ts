import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lazy } from '../../core/lazy.ts'
import { parseAcl, parseOwner } from './acl.ts'
import type { AllowEntry } from './acl.ts'
import { system32 } from './system32.ts'

/**
 * Timeout of the programs, which take 100 ms, or a second for PowerShell, and many times that on a
 * loaded machine.
 */
const LIMIT_MS = 20_000

const SYSTEM = 'S-1-5-18'
const ADMINISTRATORS = 'S-1-5-32-544'
const SID = /S-1-[\d-]+/

/** Returns the SID of this process's user; undefined if Windows does not report it. */
export const currentSid = lazy(async (): Promise<string | undefined> => {
  const { output } = await run('whoami.exe', ['/user', '/fo', 'csv', '/nh'])
  return SID.exec(output)?.[0]
})

/**
 * Reads the access control list of a file or folder; undefined if the list cannot be read. The list
 * is read as SDDL, because the names that `icacls` prints depend on the language of Windows.
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

/** Variable with the paths, separated by a character that no file name has. */
const PATHS = 'AUTOMATE_TUI_ACL_PATHS'

/** Prints one line of SDDL per path, an empty one for a path that cannot be read. */
const PRINT_SDDL = `foreach ($path in $env:${PATHS}.Split('|')) { try { '' + (Get-Acl -LiteralPath $path -ErrorAction Stop).Sddl } catch { '' } }`

/**
 * Returns the owner of each file or folder; undefined if the owner cannot be read. `icacls` does
 * not print owners.
 */
export async function readOwners(paths: readonly string[]): Promise<(string | undefined)[]> {
  // The modules of PowerShell 7 would hide those of Windows PowerShell.
  const env = Object.entries(process.env).filter(([name]) => name.toLowerCase() !== 'psmodulepath')
  const { output } = await run(
    'WindowsPowerShell\\v1.0\\powershell.exe',
    ['-NoProfile', '-NonInteractive', '-Command', PRINT_SDDL],
    { ...Object.fromEntries(env), [PATHS]: paths.join('|') },
  )
  return ownersOf(output, paths.length)
}

/** Parses the output of `PRINT_SDDL` for `count` paths. */
export function ownersOf(output: string, count: number): (string | undefined)[] {
  const lines = output.split(/\r?\n/)
  return Array.from({ length: count }, (_, index) => parseOwner(lines[index] ?? ''))
}

/**
 * Restricts a file, or a folder and its contents, to this user, SYSTEM and the administrators.
 * Returns true if `icacls` succeeded.
 */
export async function makePrivate(path: string): Promise<boolean> {
  const user = await currentSid()
  if (user === undefined) return false
  const { ok } = await run('icacls.exe', privateArguments(path, user, statSync(path).isDirectory()))
  return ok
}

/**
 * Returns arguments of `icacls` that make a file or folder private. For a folder the entries are
 * inherited by new files.
 */
export function privateArguments(path: string, user: string, isFolder = true): string[] {
  const grants = [user, SYSTEM, ADMINISTRATORS].map(sid => `*${sid}:${isFolder ? '(OI)(CI)' : ''}F`)
  return [path, '/inheritance:r', '/grant:r', ...grants, '/q']
}

/**
 * Returns arguments of `icacls` that reset the files of a pattern, and all below, to the entries of
 * their parent folder.
 */
export const resetArguments = (pattern: string): string[] => [pattern, '/reset', '/t', '/c', '/q']

/** Decodes the output of `icacls /save`: UTF-16 with or without a byte order mark. */
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
