import type { ErrorRecord } from '../core/errors.ts'
import { redactJson } from '../core/redact.ts'
import type { Redact } from '../core/redact.ts'
import type { CrashDocument } from './documents.ts'

/** A crash report without secrets in its error, its step, its address and its lines. */
export function redactCrash(crash: CrashDocument, redact: Redact): CrashDocument {
  const { error, phase, url, lastLines } = crash
  return {
    ...crash,
    error: redactError(error, redact),
    phase: phase === null ? null : { ...phase, step: redact(phase.step) },
    url: url === null ? null : redact(url),
    lastLines: lastLines.map(redact),
  }
}

function redactError(error: ErrorRecord, redact: Redact): ErrorRecord {
  const { message, stack, facts, cause } = error
  return {
    ...error,
    message: redact(message),
    stack: redact(stack),
    facts: Object.fromEntries(
      Object.entries(facts).flatMap(([name, value]) =>
        Object.entries(redactJson({ [name]: value }, redact) ?? {}),
      ),
    ),
    ...(cause === undefined ? {} : { cause: redactError(cause, redact) }),
  }
}
