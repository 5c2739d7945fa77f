/**
 * Returns the words of the command that a systemd unit starts, parsed as systemd.service(5) and
 * systemd.syntax(7) describe.
 */
export function unitCommand(unit: string): string[] {
  const line = /^ExecStart=(.*)$/m.exec(unit)?.[1] ?? ''
  const words = [...line.matchAll(/"((?:\\.|[^"\\])*)"/g)].map(([, word = '']) =>
    word.replaceAll(/\\(.)/g, '$1').replaceAll('%%', '%'),
  )
  // systemd expands variables in all words but the program.
  return words.map((word, index) => (index === 0 ? word : word.replaceAll('$$', '$')))
}
