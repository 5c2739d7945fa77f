import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT, dependencies } from './installed-package.ts'

const SOURCES = ['bin', 'lib', 'screens', 'scripts', 'migrations', 'templates', 'package.json']

/** Installed files, in the order in which `replace` writes them. */
const PARTS = [
  'package.json',
  'dist/bin',
  'dist/lib',
  'migrations',
  'templates',
  'dist/chunks',
  'dist/build.json',
]

/**
 * Builds this tree as the package of another version, in an empty folder. A constant in modules
 * that nearly all others share contains the version, so most chunks get other names. `migration` is
 * an additional migration.
 */
export function buildVersion(
  folder: string,
  version: string,
  migration?: readonly [name: string, sql: string],
): void {
  for (const name of SOURCES) cpSync(join(ROOT, name), join(folder, name), { recursive: true })
  for (const name of ['tsconfig.json', 'tsconfig.build.json']) cpSync(join(ROOT, name), join(folder, name))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction')
  const manifest = join(folder, 'package.json')
  writeFileSync(
    manifest,
    readFileSync(manifest, 'utf8').replace(/"version": "[^"]+"/, `"version": "${version}"`),
  )
  for (const shared of ['clock', 'errors'])
    appendFileSync(join(folder, `lib/core/${shared}.ts`), `globalThis.${shared}Of = '${version}'\n`)
  if (migration !== undefined) writeFileSync(join(folder, 'migrations', migration[0]), migration[1])
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'scripts/build.ts')], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`The build of ${version} failed: ${stderr}`)
}

/** Folder in which automate-tui is installed as npm would install it. */
export class Installation {
  readonly program: string
  private readonly own: string

  constructor(folder: string) {
    const modules = join(folder, 'node_modules')
    this.own = join(modules, 'automate-tui')
    this.program = join(this.own, 'dist/bin/automate-tui.js')
    for (const path of dependencies()) {
      if (path.lastIndexOf('node_modules/') > 0) continue
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      symlinkSync(join(ROOT, path), join(folder, path), 'junction')
    }
  }

  /** Removes the installed files, as npm does before it installs another version. */
  remove(): void {
    renameSync(this.own, `${this.own}-retired`)
    rmSync(`${this.own}-retired`, { recursive: true })
  }

  /** Writes the package that was built in `built`: all of it, or only its first files. */
  write(built: string, parts = PARTS.length): void {
    for (const part of PARTS.slice(0, parts))
      cpSync(join(built, part), join(this.own, part), { recursive: true })
  }
}
