import { createRequire } from 'node:module'
import type koffi from 'koffi'
import { AutomateError } from '../../core/errors/errors.ts'

export type Koffi = typeof koffi

let loaded: Koffi | undefined

/**
 * Returns koffi, which is loaded at the first call. The modules here can therefore be imported even
 * if koffi's native binary is missing.
 * @throws `environment-unfit` if koffi cannot be loaded.
 */
export function loadKoffi(): Koffi {
  loaded ??= requireKoffi()
  return loaded
}

function requireKoffi(): Koffi {
  try {
    const module: unknown = createRequire(import.meta.url)('koffi')
    if (isKoffi(module)) return module
  } catch (error) {
    throw unfit(error)
  }
  throw unfit(undefined)
}

function isKoffi(module: unknown): module is Koffi {
  return typeof module === 'object' && module !== null && 'load' in module
}

function unfit(cause: unknown): AutomateError {
  return new AutomateError(
    'environment-unfit',
    `The package koffi, which makes system calls, cannot be loaded on ${process.platform} ${process.arch}. Run "npm ci" again on this machine, without --omit=optional.`,
    { cause },
  )
}
