import { existsSync } from 'node:fs'
import type { z } from 'zod'
import { sanitiseLine } from '../../core/text/sanitise.ts'
import { watchDocuments } from '../../files/documents/watch-documents.ts'

/**
 * Returns the current documents of a folder; empty if the folder is missing. Reports an unreadable
 * document on stderr.
 */
export async function readDocuments<S extends z.ZodType>(folder: string, schema: S): Promise<z.output<S>[]> {
  // A command that only reads creates no folder, and a missing folder has no documents.
  if (!existsSync(folder)) return []
  let found: z.output<S>[] = []
  const watch = watchDocuments({
    folder,
    schema,
    onChange: documents => {
      found = [...documents.values()]
    },
    onBroken: (_path, error) => process.stderr.write(`${sanitiseLine(error.message)}\n`),
  })
  await watch.ready
  await watch.close()
  return found
}
