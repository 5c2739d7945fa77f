import type { ErrorRecord, Json } from '../../core/errors/errors.ts'
import { REDACTED, mapJson, redactJson } from '../../core/text/redact.ts'
import type { Redact } from '../../core/text/redact.ts'
import { knownSecrets, redactJsonText } from '../../core/secrets/known-secrets.ts'
import type { KeptFields } from '../../core/secrets/known-secrets.ts'
import type { CrashDocument } from '../worker/documents.ts'
import { ErrorRecord as ErrorSchema } from './error-record.ts'
import type { Outcome } from '../job/outcome.ts'
import type { PhasePosition } from '../job/phase.ts'

/** Returns a crash report without secrets in its error, step, address and lines. */
export function redactCrash(crash: CrashDocument, redact: Redact): CrashDocument {
  const { error, phase, url, lastLines } = crash
  return {
    ...crash,
    error: redactError(error, redact),
    phase: redactPhase(phase, redact),
    url: url === null ? null : redact(url),
    lastLines: lastLines.map(redact),
  }
}

function redactError(error: ErrorRecord, redact: Redact): ErrorRecord {
  const { name, message, stack, facts, cause } = error
  return {
    ...error,
    name: redact(name),
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

/**
 * The fields of an error that programs read and that have one of a few fixed values. They are never
 * redacted. The facts are not among them, because a workflow chooses their names. A fact `code`
 * could be a one-time code.
 */
const NEEDED: KeptFields = {
  code: true,
  recovery: { retry: true, browser: true },
  get cause() {
    return NEEDED
  },
}

/** Returns an error without the secrets known to this process. */
export function redactRecord(error: ErrorRecord): ErrorRecord {
  const text = JSON.stringify(error)
  if (!knownSecrets.holds(text)) return error
  return withoutSecretNumbers(ErrorSchema.parse(JSON.parse(redactJsonText(text, knownSecrets, NEEDED))))
}

/**
 * Replaces secret numbers in the facts. A workflow chooses the facts, and a number can be a code
 * that a person typed.
 */
function withoutSecretNumbers(error: ErrorRecord): ErrorRecord {
  const { facts, cause } = error
  return {
    ...error,
    facts: Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, hideSecretNumbers(fact)])),
    ...(cause === undefined ? {} : { cause: withoutSecretNumbers(cause) }),
  }
}

function hideSecretNumbers(value: Json): Json {
  if (typeof value === 'number') return knownSecrets.redact(String(value)) === REDACTED ? REDACTED : value
  return mapJson(value, name => name, hideSecretNumbers)
}

/** Returns an outcome without the secrets known to this process. A result stays unchanged. */
export function redactOutcome(outcome: Outcome): Outcome {
  if (outcome.status === 'succeeded') return outcome
  const phase = redactPhase(outcome.phase, knownSecrets.redact)
  if (outcome.status !== 'cancelled') return { ...outcome, phase, error: redactRecord(outcome.error) }
  const { late } = outcome
  return { ...outcome, phase, ...(late === undefined ? {} : { late: knownSecrets.redact(late) }) }
}

function redactPhase(phase: PhasePosition | null, redact: Redact): PhasePosition | null {
  return phase === null ? null : { ...phase, step: redact(phase.step) }
}
