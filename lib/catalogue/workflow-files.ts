import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { systemCode } from '../core/errors/errors.ts'

const MODULE = /^[^._].*\.(?:ts|mts|js|mjs)$/
const NOT_A_WORKFLOW = /\.(?:test|spec|d)\.[cm]?[jt]s$/

/**
 * Returns the absolute paths of the workflow modules directly in a folder, sorted. Names that begin
 * with "_" or ".", tests and declaration files are excluded. Subfolders are not read, so they can
 * contain shared modules. Returns an empty list if the folder does not exist.
 */
export function workflowFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(entry => !entry.isDirectory() && MODULE.test(entry.name) && !NOT_A_WORKFLOW.test(entry.name))
      .map(entry => join(resolve(folder), entry.name))
      .sort()
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}
