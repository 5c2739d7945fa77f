import { pathToFileURL } from 'node:url'
import { mapOwnNames } from './own-imports.ts'

const TYPESCRIPT = /\.[cm]?tsx?$/

/**
 * Imports a module of a project and gives its default export. The author's code runs here: only ever in a worker or in a child that reads for the console.
 * Throws what the module throws.
 */
export async function importProjectModule(file: string): Promise<unknown> {
  await prepareImports(TYPESCRIPT.test(file))
  const module: unknown = await import(pathToFileURL(file).href)
  return typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined
}

let typeScriptReady = false

async function prepareImports(typescript: boolean): Promise<void> {
  mapOwnNames()
  if (!typescript || typeScriptReady) return
  const tsx = await import('tsx/esm/api')
  typeScriptReady = true
  // The working directory's tsconfig.json has nothing to say here: a module behaves the same from wherever it is started.
  tsx.register({ tsconfig: false })
}
