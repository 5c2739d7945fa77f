type Times = Readonly<Record<string, number>>

/**
 * Returns for how many milliseconds the run will continue, if the rest of it is as fast as the run
 * so far.
 * @param ended duration in ms of each file that has ended in this run
 * @param earlier duration in ms of each file in an earlier run; a file without a duration counts as
 * an average one
 */
export function timeLeftMs(
  names: readonly string[],
  ended: Times,
  earlier: Times,
  elapsedMs: number,
): number {
  const known = names.flatMap(name => earlier[name] ?? ended[name] ?? [])
  const average = sum(known) / known.length
  const expected = (name: string) => earlier[name] ?? ended[name] ?? average
  const [done, open] = [names.filter(name => name in ended), names.filter(name => !(name in ended))]
  return elapsedMs * (sum(open.map(expected)) / sum(done.map(expected)))
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
