import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import initSqlJs from 'sql.js'
import type { SqlJsStatic } from 'sql.js'
import { AutomateError } from '../../core/errors/errors.ts'
import { knownBuild } from './builds.ts'
import { GuestMemory } from './guest-memory.ts'
import { answerOnRealFiles } from './posix.ts'
import { RealFiles } from './real-files.ts'

/**
 * SQLite in sql.js, with the real files that it works on. There is one instance for each thread,
 * because sql.js keeps the configuration of its first start.
 */
export interface Sqlite {
  readonly sql: SqlJsStatic
  readonly files: RealFiles
}

let loaded: Promise<Sqlite> | undefined

/** @throws `environment-unfit` if the installed sql.js is not the known one. */
export function loadSqlite(): Promise<Sqlite> {
  loaded ??= load()
  return loaded
}

async function load(): Promise<Sqlite> {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm'))
  const build = knownBuild(wasm)
  const files = new RealFiles()
  let memory: GuestMemory | undefined
  const config = {
    useOldExtensionFunctions: false,
    print: () => undefined,
    printErr: () => undefined,
    instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => {
      const answered = answerOnRealFiles(imports, build, files, () => {
        if (memory === undefined) throw new AutomateError('bug', 'SQLite called out before it had memory.')
        return memory
      })
      const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), answered)
      const exported = instance.exports[build.memory]
      if (!(exported instanceof WebAssembly.Memory)) {
        throw new AutomateError('bug', `sql.js ${build.version} exports no memory named ${build.memory}.`)
      }
      memory = new GuestMemory(exported)
      done(instance)
      return instance.exports
    },
  }
  return { sql: await initSqlJs(config), files }
}
