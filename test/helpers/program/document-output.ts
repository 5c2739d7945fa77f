/**
 * Matches the digits of numbers, times and durations. They differ from run to run and are never the
 * point of an example.
 */
const VARYING = /\d+/g

/**
 * Returns the first line of a documented output that the command did not print, or undefined if no
 * line is missing. `…` in a document matches anything. The lines must be in the document's order.
 * Numbers and the width of gaps do not count.
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
