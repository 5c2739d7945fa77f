import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { generatedPages } from './docs/pages.ts'

/**
 * Writes the generated pages of docs/: `npm run docs`. With `--check`, it writes nothing, and fails
 * if a page differs from the code or if a part of the public API has no docblock.
 */
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const { pages, undocumented } = await generatedPages()

for (const { file, text } of pages) {
  if (!values.check) writeFileSync(file, text)
  else if (readFileSync(file, 'utf8') !== text) fail(`${file} differs from the code: run "npm run docs"`)
}
if (values.check) {
  for (const name of undocumented) fail(`${name} is part of the public API and has no docblock`)
}

function fail(problem: string): void {
  console.error(problem)
  process.exitCode = 1
}
