import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'
import { allDocuments, anchorsOf, linksOf } from '../helpers/builders/documents.ts'

const ROOT = join(import.meta.dirname, '../..')
const documents = allDocuments()
const anchors = new Map(documents.map(document => [document.path, anchorsOf(document)]))

for (const document of documents) {
  t.test(`every link of ${document.path} has a target`, t => {
    for (const address of linksOf(document)) {
      if (/^https?:/.test(address)) {
        t.ok(URL.canParse(address), address)
        continue
      }
      const [path = '', anchor] = address.split('#')
      const file =
        path === '' ? document.path : normalize(join(dirname(document.path), path)).replaceAll('\\', '/')
      t.ok(existsSync(join(ROOT, file)), address)
      if (anchor !== undefined) t.ok(anchors.get(file)?.includes(anchor), `${address}: the heading exists`)
    }
    t.end()
  })
}

t.test('the README links to every guide', t => {
  const [readme] = documents
  const linked = readme === undefined ? [] : linksOf(readme).map(address => address.split('#')[0])
  for (const { path } of documents) if (path.startsWith('docs/')) t.ok(linked.includes(path), path)
  t.end()
})
