import type { ErrorCode, ErrorRecord } from '../../../lib/core/errors/errors.ts'

export function errorRecord(message = 'no shop', code: ErrorCode = 'navigate'): ErrorRecord {
  return { name: 'AutomateError', code, message, stack: `AutomateError: ${message}`, facts: { shop: 7 } }
}
