import { execFileSync, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Path of Wine's launcher. Debian's package of 64-bit Wine does not put a launcher on the search
 * path.
 */
const WINE = '/usr/lib/wine/wine64'

/**
 * Time limit for creating and booting a Windows installation. It takes seconds, or half a minute on
 * a busy machine.
 */
const BOOT_LIMIT_MS = 120_000

export interface WineRun {
  readonly code: number
  readonly output: string
}

/** Windows installation of Wine in its own folder. */
export class Wine {
  private readonly folder: string
  private readonly env: NodeJS.ProcessEnv

  /**
   * Creates the Windows installation if it does not exist yet.
   * @throws an error if Wine is not installed.
   */
  constructor(folder: string) {
    if (!existsSync(WINE)) {
      throw new Error(`${WINE} is missing. On Debian, run: apt-get install -y --no-install-recommends wine64`)
    }
    this.folder = folder
    const runtime = join(folder, 'runtime')
    mkdirSync(runtime, { recursive: true, mode: 0o700 })
    this.env = {
      ...process.env,
      WINEPREFIX: join(folder, 'prefix'),
      WINEDEBUG: '-all',
      WINEDLLOVERRIDES: 'mscoree,mshtml=;winemenubuilder.exe=d',
      XDG_RUNTIME_DIR: runtime,
      DISPLAY: undefined,
      TERM: undefined,
    }
    if (existsSync(join(folder, 'prefix', 'system.reg'))) return
    execFileSync(WINE, ['wineboot', '-i'], { env: this.env, stdio: 'ignore', timeout: BOOT_LIMIT_MS })
  }

  /**
   * Runs a Windows program, and ends it at the time limit. Its output goes to a file, because Node
   * does not accept pipes under Wine.
   */
  async run(
    program: string,
    args: readonly string[],
    {
      cwd,
      limitMs,
      env = {},
    }: { readonly cwd: string; readonly limitMs: number; readonly env?: NodeJS.ProcessEnv },
  ): Promise<WineRun> {
    const file = join(this.folder, 'output.txt')
    const output = openSync(file, 'w', 0o600)
    const child = spawn(WINE, [program, ...args], {
      ...{ cwd, timeout: limitMs, env: { ...this.env, ...env } },
      stdio: ['ignore', output, output],
    })
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', exit => resolve(exit ?? -1))
    }).finally(() => closeSync(output))
    return { code, output: readFileSync(file, 'utf8') }
  }

  /** Ends all programs that are still running in this Windows installation. */
  close(): void {
    execFileSync(WINE, ['wineboot', '-k'], { env: this.env, stdio: 'ignore', timeout: BOOT_LIMIT_MS })
  }
}
