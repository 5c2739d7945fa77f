import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import t from 'tap'
import { generatedPages } from '../../scripts/docs/pages.ts'

const { pages, undocumented } = await generatedPages()

for (const { file, text } of pages) {
  t.test(`${basename(file)} matches the code`, t => {
    t.equal(readFileSync(file, 'utf8'), text, 'run "npm run docs" to update it')
    t.end()
  })
}

t.test('every export of the public API, and every member of it, is documented', t => {
  t.same(undocumented, [])
  t.end()
})
