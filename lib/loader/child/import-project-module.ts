import { pathToFileURL } from 'node:url'
import { privateCacheFolder } from '../../core/process/private-cache-folder.ts'
import { completeFunctionTexts } from './function-text.ts'
import { registerSelfImport } from './self-import.ts'
import { turnColoursOff } from './turn-colours-off.ts'

const TYPESCRIPT = /\.[cm]?tsx?$/

/**
 * Imports a module of a project and returns its default export. The import runs the author's code,
 * so this function is called only in a worker or in a child process that reads modules.
 * @throws The errors of the module.
 */
export async function importProjectModule(file: string): Promise<unknown> {
  await prepareImports(TYPESCRIPT.test(file))
  const module: unknown = await import(pathToFileURL(file).href)
  return typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined
}

let typeScriptReady = false

async function prepareImports(typescript: boolean): Promise<void> {
  registerSelfImport()
  turnColoursOff()
  if (!typescript || typeScriptReady) return
  await registerTsx()
  typeScriptReady = true
}

/** Environment variables of the temporary folder, for all systems. */
const TEMPORARY_FOLDER = ['TMPDIR', 'TEMP', 'TMP']

/**
 * Loads tsx with a private cache. When tsx is imported, it places its cache in the temporary
 * folder. All users share that folder, so another user could create the cache first and put code
 * into it.
 */
async function registerTsx(): Promise<void> {
  const cache = privateCacheFolder('typescript')
  const settings =
    cache === undefined
      ? [['TSX_DISABLE_CACHE', '1'] as const]
      : TEMPORARY_FOLDER.map(name => [name, cache] as const)
  const before = settings.map(([name]) => [name, process.env[name]] as const)
  for (const [name, value] of settings) process.env[name] = value
  try {
    const tsx = await import('tsx/esm/api')
    // No tsconfig.json is read, so that a module behaves the same in every working directory.
    tsx.register({ tsconfig: false })
    completeFunctionTexts()
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = value
    }
  }
}
