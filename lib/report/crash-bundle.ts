import { strToU8, zipSync } from 'fflate'
import { redactJson } from '../core/text/redact.ts'
import type { Redact } from '../core/text/redact.ts'
import { sanitiseBlock } from '../core/text/sanitise.ts'
import { JsonDocument } from '../model/json.ts'

/** Contents of a crash bundle. */
export interface BundleParts {
  /** Crash report, public configuration and versions in use, each as a JSON value. */
  readonly crash: unknown
  readonly config: unknown
  readonly versions: unknown
  /** Texts such as logs, by their names in the bundle. */
  readonly texts: ReadonlyMap<string, string>
  /** Pictures, by their names in the bundle. */
  readonly pictures: ReadonlyMap<string, Uint8Array>
}

/**
 * Returns the evidence of one crash as a zip file that can be shared. All text is redacted and
 * sanitised, line by line if it has lines, because the recipient may read it in a terminal, and
 * pages print control sequences.
 */
export function crashBundle(parts: BundleParts, redact: Redact): Uint8Array {
  // Secrets are redacted first, because a secret may contain characters that the sanitiser
  // replaces.
  const harmless: Redact = text => sanitiseBlock(redact(text), Infinity)
  const json = (value: unknown) =>
    strToU8(`${JSON.stringify(redactJson(JsonDocument.parse(value), harmless), null, 2)}\n`)
  const files: Record<string, Uint8Array> = {
    'crash.json': json(parts.crash),
    'config.json': json(parts.config),
    'versions.json': json(parts.versions),
  }
  for (const [name, text] of parts.texts) {
    files[name] = strToU8(
      text
        .split(/\r?\n/)
        .map(line => redactLine(line, harmless))
        .join('\n'),
    )
  }
  for (const [name, picture] of parts.pictures) files[name] = picture
  return zipSync(files)
}

/**
 * Redacts a line. A line that is a JSON object, as in our logs, is still a JSON object afterwards.
 */
function redactLine(line: string, redact: Redact): string {
  if (!line.startsWith('{')) return redact(line)
  try {
    return JSON.stringify(redactJson(JsonDocument.parse(JSON.parse(line)), redact))
  } catch {
    return redact(line)
  }
}
