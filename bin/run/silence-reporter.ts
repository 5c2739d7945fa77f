import type { Translator } from '../../lib/locales/translator.ts'
import type { Snapshot } from '../../screens/snapshot.ts'

/** Returns a listener that reports once that the scheduler does not answer, and once that it answers again. */
export function silenceReporter(
  { words, duration }: Pick<Translator, 'words' | 'duration'>,
  print: (line: string) => void,
): (snapshot: Pick<Snapshot, 'silentMs' | 'connection'>) => void {
  const { commands } = words
  let isReported = false
  return ({ silentMs, connection }) => {
    const isSilent = silentMs !== null
    if (isSilent === isReported) return
    isReported = isSilent
    if (isSilent) print(commands.schedulerSilent(duration(silentMs)))
    else if (connection !== 'lost') print(commands.schedulerAnswers)
  }
}
