import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { docOf, textOf, undocumentedMembers } from './declaration-text.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Entry points of the package, with their modules. */
const ENTRIES = [
  ['automate-tui', 'lib/index.ts'],
  ['automate-tui/testing', 'lib/testing/index.ts'],
] as const

export interface ApiPage {
  readonly markdown: string
  /** Names of exports, and of members of exports, that have no docblock. */
  readonly undocumented: readonly string[]
}

/**
 * Returns the page of the public API. It contains each export with its docblock and its
 * declaration, and the types in these declarations that are not exported.
 */
export function apiPage(): ApiPage {
  const config = ts.readConfigFile(join(ROOT, 'tsconfig.json'), file => readFileSync(file, 'utf8'))
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT)
  const program = ts.createProgram(
    ENTRIES.map(([, file]) => join(ROOT, file)),
    options,
  )
  const checker = program.getTypeChecker()
  const undocumented: string[] = []
  const shown = new Set<ts.Symbol>()
  const parts = ENTRIES.map(([name, file]) => {
    const symbols = exportsOf(program, checker, file)
    for (const symbol of symbols) shown.add(symbol.target)
    return { name, symbols }
  })
  const sections = parts.map(({ name, symbols }) => {
    const entries = symbols.map(symbol => section(checker, symbol, undocumented))
    return `## \`${name}\`\n\n${entries.join('\n\n')}`
  })
  const named = namedBeside(checker, shown).map(target =>
    section(checker, { name: target.name, target }, undocumented),
  )
  const page = [
    '# The API',
    'Generated from the docblocks by `npm run docs`. Change the docblocks, not this page.',
    '[Write a workflow](write-a-workflow.md) explains workflows by example.',
    ...sections,
    '## Referenced types',
    ...named,
  ].join('\n\n')
  const renamed = parts.flatMap(({ symbols }) => symbols.filter(({ name, target }) => name !== target.name))
  const markdown = renamed
    .filter(({ target }) => (target.declarations ?? []).some(isOurs))
    .reduce((text, { name, target }) => text.replaceAll(new RegExp(`\\b${target.name}\\b`, 'g'), name), page)
  return { markdown: `${markdown}\n`, undocumented }
}

interface Exported {
  readonly name: string
  readonly target: ts.Symbol
}

function exportsOf(program: ts.Program, checker: ts.TypeChecker, file: string): Exported[] {
  const source = program.getSourceFile(join(ROOT, file))
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source)
  if (module === undefined) throw new Error(`${file} exports nothing`)
  return checker.getExportsOfModule(module).map(symbol => ({
    name: symbol.name,
    target: symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
  }))
}

/**
 * Returns the declarations of a symbol. A schema and its type are one symbol with two declarations,
 * and only the declaration of the type is returned.
 */
function declarationsOf({ declarations = [] }: ts.Symbol): ts.Declaration[] {
  const types = declarations.filter(
    one => ts.isTypeAliasDeclaration(one) || ts.isInterfaceDeclaration(one) || ts.isClassDeclaration(one),
  )
  return types.length > 0 ? types : [...declarations]
}

const isOurs = (node: ts.Node) => !relative(ROOT, node.getSourceFile().fileName).includes('node_modules')

function section(checker: ts.TypeChecker, { name, target }: Exported, undocumented: string[]): string {
  const declarations = declarationsOf(target).filter(isOurs)
  if (declarations.length === 0) {
    const packageName = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(
      target.declarations?.[0]?.getSourceFile().fileName ?? '',
    )?.[1]
    return `### ${name}\n\n\`${name}\` of [${packageName ?? 'a package'}](https://www.npmjs.com/package/${packageName ?? ''}), unchanged.`
  }
  // The docblock of the schema applies to its type.
  const doc = [...declarations, ...(target.declarations ?? [])].map(docOf).find(text => text !== '') ?? ''
  if (doc === '') undocumented.push(name)
  for (const one of declarations)
    undocumented.push(...undocumentedMembers(one).map(member => `${name}.${member}`))
  const code = declarations.map(one => textOf(one, checker)).join('\n')
  return `### ${name}\n\n${doc}\n\n\`\`\`ts\n${code}\n\`\`\``
}

/**
 * Returns the types of this package that the shown declarations mention but that are not shown
 * themselves, in the order of their first use.
 */
function namedBeside(checker: ts.TypeChecker, shown: ReadonlySet<ts.Symbol>): ts.Symbol[] {
  const found = new Set<ts.Symbol>()
  const look = (symbol: ts.Symbol): void => {
    for (const declaration of declarationsOf(symbol).filter(isOurs)) {
      const visit = (node: ts.Node): void => {
        if (ts.isBlock(node)) return
        if (ts.isIdentifier(node) && ts.isTypeReferenceNode(node.parent)) take(node)
        if (ts.isExpressionWithTypeArguments(node) && ts.isIdentifier(node.expression)) take(node.expression)
        ts.forEachChild(node, visit)
      }
      visit(declaration)
    }
  }
  const take = (name: ts.Identifier): void => {
    const symbol = checker.getSymbolAtLocation(name)
    if (symbol === undefined) return
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    const isType = target.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)
    const internal = ts
      .getJSDocTags(target.declarations?.[0] ?? name)
      .some(tag => tag.tagName.text === 'internal')
    if (!isType || internal || shown.has(target) || found.has(target)) return
    if (!declarationsOf(target).some(isOurs)) return
    found.add(target)
    look(target)
  }
  for (const symbol of shown) look(symbol)
  return [...found]
}
