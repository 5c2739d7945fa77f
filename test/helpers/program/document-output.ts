/** A number, a time, a duration: different each time, and never what an example is about. */
const VARYING = /\d+/g

/**
 * What a document says that a command prints and that it did not print; undefined when all is as it
 * says. `…` in a document stands for anything. Lines are looked for in their order, numbers and the
 * width of gaps count for nothing.
 */
export function missingFrom(output: string, said: string): string | undefined {
  const lines = output.split('\n').map(plain)
  let from = 0
  for (const line of said.trimEnd().split('\n')) {
    const wanted = plain(line)
    if (wanted === '…') continue
    const pattern = new RegExp(
      `^${wanted
        .split('…')
        .map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
        .join('.*')}$`,
    )
    const found = lines.findIndex((one, index) => index >= from && pattern.test(one))
    if (found < 0) return line
    from = found + 1
  }
  return undefined
}

const plain = (line: string) => line.replaceAll(VARYING, '0').replaceAll(/\s+/g, ' ').trim()
