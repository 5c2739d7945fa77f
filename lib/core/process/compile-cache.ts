import { mkdirSync } from 'node:fs'
import module from 'node:module'
import { resolve } from 'node:path'
import { privateCacheFolder } from './private-cache-folder.ts'

const PRIVATE_FOLDER = 0o700

/**
 * Enables Node's compile cache for this process and all its children and threads. The cache is in a
 * private folder, because Node's default is in the temporary folder that all users share.
 * `NODE_COMPILE_CACHE` can name another folder. If no folder can be used, there is no cache, and
 * every start is slower.
 */
export function useCompileCache(): void {
  const folder = chosenFolder(process.env['NODE_COMPILE_CACHE'])
  if (folder === undefined) return
  module.enableCompileCache(folder)
  process.env['NODE_COMPILE_CACHE'] = folder
}

function chosenFolder(chosen: string | undefined): string | undefined {
  if (chosen === undefined) return privateCacheFolder('compiled')
  const folder = resolve(chosen)
  try {
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER })
    return folder
  } catch {
    return undefined
  }
}
