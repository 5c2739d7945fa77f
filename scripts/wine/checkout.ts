import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** File that determines which packages are installed. */
const LOCK = 'package-lock.json'
const INSTALLED = join('node_modules', '.installed-lock.json')

/**
 * Updates `folder` with the files of this checkout, including uncommitted changes, and with the
 * packages for Windows.
 */
export function windowsCheckout(root: string, folder: string): void {
  const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  const files = tracked.split('\0').filter(file => file !== '' && existsSync(join(root, file)))
  for (const top of new Set(files.map(file => file.split('/')[0] ?? ''))) {
    rmSync(join(folder, top), { recursive: true, force: true })
  }
  for (const file of files) {
    const copy = join(folder, file)
    mkdirSync(dirname(copy), { recursive: true })
    copyFileSync(join(root, file), copy)
  }
  const lock = readFileSync(join(root, LOCK), 'utf8')
  const installed = join(folder, INSTALLED)
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lock) return
  execFileSync('npm', ['ci', '--os=win32', '--cpu=x64', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  writeFileSync(installed, lock)
}
