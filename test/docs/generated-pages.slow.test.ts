import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import t from 'tap'
import { generatedPages } from '../../scripts/docs/pages.ts'

const { pages, undocumented } = await generatedPages()

for (const { file, text } of pages) {
  t.test(`${basename(file)} is as the code says`, t => {
    t.equal(readFileSync(file, 'utf8'), text, '"npm run docs" makes it anew')
    t.end()
  })
}

t.test('every export of the public API, and every member of it, is documented', t => {
  t.same(undocumented, [])
  t.end()
})
