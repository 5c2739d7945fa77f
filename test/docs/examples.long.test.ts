import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { startDemoSite } from '../../lib/demo/site/demo-site.ts'
import { automate } from '../helpers/program/automate.ts'
import { missingFrom } from '../helpers/program/document-output.ts'
import { userDocuments } from '../helpers/builders/documents.ts'
import type { Block, Document } from '../helpers/builders/documents.ts'
import { parseCommand, wordsOf } from '../helpers/program/parse-command.ts'
import { pathWithProgram } from '../helpers/program/on-path.ts'
import { newFolder } from '../helpers/store/project.ts'

// The test follows the documents: it writes the files, runs the commands, and compares their
// output. A block of commands that cannot run here has the mark "not-run" behind its language,
// which readers do not see.

/**
 * Number of blocks that are not run: commands that do not end, change this machine, or need a
 * window, a person, a container or another version. Another such block needs an equally good
 * reason.
 */
const NOT_RUN = 11

/** Address of the demo's site in the documents. */
const SITE_IN_DOCUMENTS = 'http://127.0.0.1:4400/'

const documents = userDocuments()

/**
 * Groups of documents. The first two begin without a project. The others run one after the other in
 * one project.
 */
const LANES = [
  ['README.md'],
  ['docs/write-a-workflow.md'],
  documents
    .map(({ path }) => path)
    .filter(path => path !== 'README.md' && path !== 'docs/write-a-workflow.md'),
]

t.test('every command line in the documents is valid', async t => {
  let checked = 0
  for (const { path, text, blocks } of documents) {
    const typed = blocks.filter(({ language }) => language === 'sh').flatMap(block => block.text.split('\n'))
    const inline = [...text.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/`(automate-tui [^`]*)`/g)]
    for (const line of [...typed, ...inline.map(([, code = '']) => code.replaceAll('\\|', '|'))]) {
      if (!/(?:^|[\s(])automate-tui(?:\s|$)/.test(line) || /[[\]…]/.test(line)) continue
      const words = wordsOf(line.replaceAll(/<shell>|bash\|zsh\|fish\|powershell/g, 'bash')).filter(
        word => word !== '',
      )
      await t.resolves(
        parseCommand(words).catch((error: unknown) => {
          // "automate-tui takeover" may lack its arguments if the words around it explain them.
          if (!/missing required argument|outputHelp|help/.test(String(error))) throw error
        }),
        `${path}: ${line}`,
      )
      checked += 1
    }
  }
  t.ok(checked > 50, `${checked} command lines`)
})

t.test('every TypeScript block compiles', t => {
  const folder = newFolder()
  const root = join(import.meta.dirname, '../..')
  for (const { path, blocks } of documents) {
    for (const { language, text, line } of blocks) {
      if (language !== 'ts' || path === 'docs/api.md') continue
      writeFileSync(join(folder, `${path.replaceAll(/[/.]/g, '-')}-${line}.ts`), text)
    }
  }
  const compilerOptions = {
    lib: ['es2024', 'dom', 'dom.iterable'],
    types: ['node'],
    // Authors need not be as strict as this tree.
    noUnusedLocals: false,
    noPropertyAccessFromIndexSignature: false,
    paths: {
      'automate-tui': [join(root, 'lib/index.ts')],
      'automate-tui/testing': [join(root, 'lib/testing/index.ts')],
    },
  }
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.ts'], exclude: [] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' })
  t.equal(status, 0, stdout)
  t.end()
})

t.test(
  'every block in the documents works, and prints what they state',
  { skip: process.platform === 'win32' && 'the blocks are written for a POSIX shell' },
  async t => {
    const site = await startDemoSite({ seed: 1, pace: 0 })
    t.teardown(() => site.close())
    const env = { ...process.env, PATH: pathWithProgram(), HOME: newFolder(), LC_ALL: 'C.UTF-8' }
    await Promise.all(
      LANES.map(async (paths, lane) => {
        const base = newFolder()
        if (lane === LANES.length - 1) await automate(t, ['init', 'shop'], { cwd: base })
        for (const document of documents.filter(({ path }) => paths.includes(path))) {
          const start = lane === LANES.length - 1 ? join(base, 'shop') : base
          const follow = new Follower(start, env, site.url)
          for (const block of document.blocks) {
            t.equal(await follow.block(block), undefined, `${document.path}:${block.line}`)
          }
        }
      }),
    )
    const notRun = documents.reduce((sum, document) => sum + notRunIn(document), 0)
    t.equal(notRun, NOT_RUN, 'number of blocks that are not run')
  },
)

const notRunIn = ({ blocks }: Document) => blocks.filter(({ marks }) => marks.includes('not-run')).length

/**
 * Replaces the lines with "-" by the lines with "+". Returns false if the file does not contain
 * them.
 */
function change(file: string, diff: string): boolean {
  const marked = (mark: string) =>
    diff
      .split('\n')
      .filter(line => line.startsWith(mark))
      .map(line => line.slice(1))
      .join('\n')
  const text = readFileSync(file, 'utf8')
  writeFileSync(
    file,
    text.replace(marked('-'), () => marked('+')),
  )
  return text.includes(marked('-'))
}

/** Follows a document block by block. */
class Follower {
  private folder: string
  private printed = ''
  private readonly env: NodeJS.ProcessEnv
  private readonly site: string

  constructor(folder: string, env: NodeJS.ProcessEnv, site: string) {
    this.folder = folder
    this.env = env
    this.site = site
  }

  /** Returns the mistake of a block; undefined if the block is right. */
  async block({ language, marks, text }: Block): Promise<string | undefined> {
    const here = text.replaceAll(SITE_IN_DOCUMENTS, this.site)
    const name = /^(?: ?\/\/|#) (workflows\/\S+|\.env)\n/.exec(here)?.[1]
    if (name !== undefined) {
      const file = join(this.folder, name)
      mkdirSync(dirname(file), { recursive: true })
      if (language !== 'diff') writeFileSync(file, here)
      else if (!change(file, here)) return `${name} has nothing of what is to be changed`
    }
    if (language === 'sh' && !marks.includes('not-run')) {
      return this.run(here, Number(marks.find(mark => mark.startsWith('exit-'))?.slice(5) ?? 0))
    }
    if (language !== 'text' || this.printed === '') return undefined
    const missing = missingFrom(this.printed, here)
    const { printed } = this
    this.printed = ''
    return missing === undefined ? undefined : `"${missing}" is not in:\n${printed}`
  }

  private async run(script: string, expected: number): Promise<string | undefined> {
    const where = join(this.folder, '.where')
    const child = spawn('bash', ['-c', `set -e\nexec 2>&1\ntrap 'pwd > "${where}"' EXIT\n${script}`], {
      cwd: this.folder,
      env: this.env,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [printed] = await Promise.all([text(child.stdout), once(child, 'close')])
    this.printed += printed
    this.folder = readFileSync(where, 'utf8').trim()
    return child.exitCode === expected ? undefined : `It ended with ${String(child.exitCode)}:\n${printed}`
  }
}
