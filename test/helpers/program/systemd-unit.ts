/**
 * The words of the command that a systemd unit starts, as systemd.service(5) and systemd.syntax(7)
 * say that they are read.
 */
export function unitCommand(unit: string): string[] {
  const line = /^ExecStart=(.*)$/m.exec(unit)?.[1] ?? ''
  const words = [...line.matchAll(/"((?:\\.|[^"\\])*)"/g)].map(([, word = '']) =>
    word.replaceAll(/\\(.)/g, '$1').replaceAll('%%', '%'),
  )
  // Variables are put into all words but the program.
  return words.map((word, index) => (index === 0 ? word : word.replaceAll('$$', '$')))
}
