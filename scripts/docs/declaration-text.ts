import ts from 'typescript'

/** Returns the text of a declaration's docblock without the stars, or '' if it has no docblock. */
export function docOf(node: ts.Node): string {
  const host = ts.isVariableDeclaration(node) ? node.parent.parent : node
  const text = host.getSourceFile().text.slice(host.getFullStart(), host.getStart())
  const block = [...text.matchAll(/\/\*\*([^]*?)\*\//g)].at(-1)?.[1] ?? ''
  return block
    .split('\n')
    .map(line => line.replace(/^\s*\*? ?/, '').trimEnd())
    .join('\n')
    .trim()
}

/**
 * Returns the text of a declaration as authors see it: without function bodies, and only with the
 * public members of a class.
 */
export function textOf(node: ts.Declaration, checker: ts.TypeChecker): string {
  if (ts.isFunctionDeclaration(node)) return upTo(node, node.body)
  if (ts.isTypeAliasDeclaration(node) && node.type.getText().startsWith('z.infer<')) {
    const flags: ts.TypeFormatFlags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias
    return `type ${node.name.text} = ${checker.typeToString(checker.getTypeAtLocation(node), node, flags)}`
  }
  if (ts.isClassDeclaration(node)) return classText(node)
  return node
    .getText()
    .replace(/^export /, '')
    .replaceAll(/^ {2}readonly \[BRAND\].*\n/gm, '')
}

function classText(node: ts.ClassDeclaration): string {
  const [first] = node.members
  const head = node
    .getSourceFile()
    .text.slice(node.getStart(), first?.getFullStart() ?? node.end)
    .replace(/^export /, '')
    .trimEnd()
  return [head, ...publicMembers(node).map(member => `  ${commented(member)}`), '}'].join('\n')
}

function commented(member: ts.ClassElement): string {
  const doc = docOf(member)
  const text = memberText(member)
  return doc === '' ? text : `/** ${doc.replaceAll('\n', ' ')} */\n  ${text}`
}

function memberText(member: ts.ClassElement): string {
  if (ts.isConstructorDeclaration(member) || ts.isMethodDeclaration(member)) return upTo(member, member.body)
  if (ts.isPropertyDeclaration(member) && member.type === undefined) {
    const made = member.initializer
    const signature = made !== undefined && ts.isArrowFunction(made) ? made : undefined
    return signature === undefined
      ? upTo(member, made)
      : `${upTo(member, made).replace(/\s*=$/, '')}(${signature.parameters.map(one => one.getText()).join(', ')}): ${signature.type?.getText() ?? 'boolean'}`
  }
  return ts.isPropertyDeclaration(member)
    ? upTo(member, member.initializer).replace(/\s*=$/, '')
    : member.getText()
}

const upTo = (node: ts.Node, end: ts.Node | undefined) =>
  node
    .getSourceFile()
    .text.slice(node.getStart(), end?.getStart() ?? node.end)
    .trimEnd()
    .replace(/^export /, '')

function publicMembers(node: ts.ClassDeclaration): ts.ClassElement[] {
  return node.members.filter(
    member =>
      !(member.name !== undefined && ts.isComputedPropertyName(member.name)) &&
      !(ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)),
  )
}

/**
 * Returns the names of an interface's members that have no docblock, including members with a
 * self-explanatory name, such as `id`.
 */
export function undocumentedMembers(node: ts.Declaration): string[] {
  if (!ts.isInterfaceDeclaration(node)) return []
  return node.members
    .filter(member => docOf(member) === '')
    .map(member => member.name?.getText() ?? '(call)')
    .filter(name => name !== '[BRAND]')
}
