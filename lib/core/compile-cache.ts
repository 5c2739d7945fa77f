import { mkdirSync } from 'node:fs'
import module from 'node:module'
import { join, resolve } from 'node:path'
import { userCacheFolder } from './user-folders.ts'

const PRIVATE_FOLDER = 0o700

/**
 * Lets this process and all that it starts, threads too, begin with what Node has compiled before. The folder is the user's alone: what lies in it is run, and
 * Node's own default is in the temporary folder that all users share. `NODE_COMPILE_CACHE` names another. Where the folder cannot be made, all starts slower.
 */
export function useCompileCache(): void {
  const folder = resolve(process.env['NODE_COMPILE_CACHE'] ?? join(userCacheFolder(), 'compiled'))
  try {
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER })
  } catch {
    return
  }
  module.enableCompileCache(folder)
  process.env['NODE_COMPILE_CACHE'] = folder
}
