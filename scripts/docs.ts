import { writeFileSync } from 'node:fs'
import { generatedPages } from './docs/pages.ts'

/** Makes the pages of docs/ anew that are made from the code: `npm run docs`. */
const { pages } = await generatedPages()
for (const { file, text } of pages) writeFileSync(file, text)
