/**
 * Returns the counts on the command line of a fault run. `defaults`, such as `{ kills: 100 }`,
 * replace missing counts. Prints the usage and exits at `--help` (exit code 0) and at an invalid
 * count (2).
 */
export function countsFrom<Name extends string>(
  command: string,
  defaults: Readonly<Record<Name, number>>,
): Record<Name, number> {
  const args = process.argv.slice(2)
  const counts: Record<Name, number> = { ...defaults }
  const names = namesOf(defaults)
  const wrong = args.length > names.length || args.some(text => !/^[1-9]\d*$/.test(text))
  if (wrong) {
    const usage = names.map(name => `[${name}, ${defaults[name]} if not given]`).join(' ')
    process.stderr.write(`npm run ${command} -- ${usage}\nFAULT_SEED=<number> repeats a run.\n`)
    process.exit(args.includes('--help') ? 0 : 2)
  }
  for (const [place, name] of names.entries()) counts[name] = Number(args[place] ?? defaults[name])
  return counts
}

function namesOf<Name extends string>(record: Readonly<Record<Name, number>>): Name[] {
  const names: Name[] = []
  for (const name in record) names.push(name)
  return names
}
