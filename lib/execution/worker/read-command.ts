import { dirname } from 'node:path'
import { readOwnFile } from '../../platform/trust/own-file.ts'

/**
 * Reads a file of `data/assignments`, in which the scheduler names a program for the worker's
 * browser and a module to import.
 * @throws As `readOwnFile`: the scheduler writes such files for this user alone.
 */
export const readOrder = (path: string): string => readOwnFile(path, dirname(dirname(dirname(path))))
