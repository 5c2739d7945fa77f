import { execFileSync, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Debian's package of Wine for 64 bits has no launcher in the path. */
const WINE = '/usr/lib/wine/wine64'

/**
 * Longest boot, from Wine's own folder of the system root to a Windows that responds. It takes
 * seconds, or half a minute on a busy machine.
 */
const BOOT_LIMIT_MS = 120_000

export interface WineRun {
  readonly code: number
  readonly output: string
}

/** Windows of Wine in a folder of its own. */
export class Wine {
  private readonly folder: string
  private readonly env: NodeJS.ProcessEnv

  /**
   * Creates the Windows if it does not exist yet.
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
   * Runs a program of Windows, and ends it at the limit. The output goes to a file, because Node
   * refuses pipes under Wine.
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

  /** Ends all programs that still run in this Windows. */
  close(): void {
    execFileSync(WINE, ['wineboot', '-k'], { env: this.env, stdio: 'ignore', timeout: BOOT_LIMIT_MS })
  }
}
