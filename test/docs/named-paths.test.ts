import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'

const ROOT = join(import.meta.dirname, '..', '..')
const MAX_FILES_OF_A_JOB = 75

/** Paths in backticks, with a folder in them: `store/open-store.ts`, `control/decide/`. */
const PATH = /`((?:[a-z][\w-]*\/)+(?:[\w-]+(?:\.[\w-]+)*\.(?:ts|cjs))?)`/g

/** Folders of a project, and of the build. */
const NOT_OURS = /^(?:data|dist|logs|workflows)\//

/**
 * Returns the paths of a page that do not exist below the root, below lib/, or next to the page.
 */
function missing(page: string, text: string): string[] {
  return [...text.matchAll(PATH)].flatMap(([, path = '']) =>
    NOT_OURS.test(path) ||
    [ROOT, join(ROOT, 'lib'), join(ROOT, dirname(page))].some(folder => existsSync(join(folder, path)))
      ? []
      : [path],
  )
}

t.test('the pages about the code name only existing paths', async t => {
  const pages = [...globSync('lib/**/*.md', { cwd: ROOT }), '.github/CONTRIBUTING.md']
  t.ok(pages.length > 2)
  for (const page of pages) t.strictSame(missing(page, readFileSync(join(ROOT, page), 'utf8')), [], page)
})

t.test('finds a path that does not exist', async t => {
  t.strictSame(missing('lib/README.md', '`core/ids.ts`, `core/nowhere.ts` and `nowhere/`'), [
    'core/nowhere.ts',
    'nowhere/',
  ])
})

t.test(`a job passes at most ${MAX_FILES_OF_A_JOB} files from the command to the screen`, async t => {
  const page = readFileSync(join(ROOT, 'lib/README.md'), 'utf8')
  const walk = page.split('## A job in ten steps\n')[1]?.split('\n## ')[0] ?? ''
  const files = new Set([...walk.matchAll(PATH)].map(([, path]) => path))
  t.ok(files.size > 40 && files.size <= MAX_FILES_OF_A_JOB, String(files.size))
})
