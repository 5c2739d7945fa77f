import { dirname } from 'node:path'
import { readOwnFile } from '../../platform/trust/own-file.ts'

/**
 * Reads a file in `data/assignments`. Such a file names the program of the worker's browser and a
 * module to import, so it must belong to this user alone.
 * @throws The errors of `readOwnFile`.
 */
export const readOrder = (path: string): string => readOwnFile(path, dirname(dirname(dirname(path))))
