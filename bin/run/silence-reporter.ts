import type { Catalogue } from '../../lib/locales/en.ts'
import type { Translator } from '../../lib/locales/translator.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'

type State = 'well' | 'silent' | 'unwritten'

/** Returns a listener that reports once that the scheduler does not answer, or cannot write its state, and once that this is over. */
export function silenceReporter(
  { words, duration }: Pick<Translator, 'words' | 'duration'>,
  print: (line: string) => void,
): (snapshot: Pick<Snapshot, 'silentMs' | 'unwritten' | 'connection'>) => void {
  const { commands } = words
  let reported: State = 'well'
  return ({ silentMs, unwritten, connection }) => {
    const state = silentMs !== null ? 'silent' : unwritten === null ? 'well' : 'unwritten'
    if (state === reported) return
    if (silentMs !== null) print(commands.schedulerSilent(duration(silentMs)))
    else if (unwritten !== null) print(commands.schedulerUnwritten(unwritten))
    else if (connection !== 'lost') print(endOf(reported, commands))
    reported = state
  }
}

const endOf = (reported: State, { schedulerAnswers, schedulerWrites }: Catalogue['commands']): string =>
  reported === 'silent' ? schedulerAnswers : schedulerWrites
