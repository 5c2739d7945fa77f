import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { z } from 'zod'
import { Automate } from './automate.ts'
import type { AutomateOptions, JsonLine } from './automate.ts'
import { newFolder } from '../store/project.ts'

export const CheapestResult = z.object({ shop: z.string(), bottle: z.string(), cents: z.int() })
export const OrderResult = z.object({
  number: z.string(),
  bottles: z.array(z.string()),
  totalCents: z.int(),
})

/** Starts the demo with its own temporary folder, which contains the given files. */
export function startDemo(
  t: Pick<Test, 'teardown'>,
  args: readonly string[] = [],
  options: AutomateOptions = {},
  files: Readonly<Record<string, string>> = {},
): { readonly demo: Automate; readonly temporary: string; readonly leftovers: () => string[] } {
  const temporary = newFolder()
  for (const [name, text] of Object.entries(files)) writeFileSync(join(temporary, name), text)
  const env = { ...options.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary }
  const demo = new Automate(t, ['demo', ...args], { ...options, env })
  return {
    demo,
    temporary,
    leftovers: () => readdirSync(temporary).filter(name => name.startsWith('automate-tui')),
  }
}

/** Returns the result of a job from the demo's JSON lines. */
export function resultOf<S extends z.ZodType>(
  lines: readonly JsonLine[],
  job: number,
  schema: S,
): z.output<S> {
  return schema.parse(lines.find(line => line.event === 'result' && line['job'] === job)?.['result'])
}
