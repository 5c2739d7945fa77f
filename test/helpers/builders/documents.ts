import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')

/** Fenced code block of a document. */
export interface Block {
  readonly language: string
  /** Words after the language of the block, which readers do not see: `not-run`, `exit-1`. */
  readonly marks: readonly string[]
  readonly text: string
  /** Number of the block's first line, 1-based. */
  readonly line: number
}

export interface Document {
  /** Path relative to the root of the tree. */
  readonly path: string
  readonly text: string
  readonly blocks: readonly Block[]
}

/** Returns the documents for users. */
export function userDocuments(): Document[] {
  const guides = readdirSync(join(ROOT, 'docs')).filter(name => name.endsWith('.md'))
  return ['README.md', ...guides.map(name => `docs/${name}`)].map(read)
}

/** Returns all documents whose links are checked, because they link to each other. */
export function allDocuments(): Document[] {
  const others = ['lib/README.md', 'lib/store/README.md', 'test/bench/README.md', '.github/CONTRIBUTING.md']
  return [...userDocuments(), ...others.map(read), read('CHANGELOG.md')]
}

function read(path: string): Document {
  const text = readFileSync(join(ROOT, path), 'utf8')
  return { path, text, blocks: blocksOf(text) }
}

function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```(\S+)([^\n]*)\n([^]*?)^```$/gm)].map(
    ({ index, 1: language = '', 2: marks = '', 3: body = '' }) => ({
      language,
      marks: marks.split(' ').filter(mark => mark !== ''),
      text: body,
      line: text.slice(0, index).split('\n').length,
    }),
  )
}

/** Returns the addresses of links and pictures outside of code. */
export function linksOf({ text }: Document): string[] {
  const prose = text.replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '``')
  return [...prose.matchAll(/\]\(([^()\s]+(?:\([^()]*\)[^()\s]*)?)\)/g)].map(([, address = '']) => address)
}

/** Returns the anchors of the document's headings, as GitHub makes them. */
export function anchorsOf({ text }: Document): string[] {
  const prose = text.replaceAll(/^```[^]*?^```$/gm, '')
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  )
}
