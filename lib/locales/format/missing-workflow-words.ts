import type { MissingWorkflow } from '../../model/job/missing-workflow.ts'
import type { Translator } from '../translator.ts'

/** Returns a text about why the jobs of a workflow wait, with the remedy. */
export function missingWorkflowWords(
  missing: MissingWorkflow,
  { words, stamp }: Pick<Translator, 'words' | 'stamp'>,
): string {
  const said = withoutEnd(missing, words.waits.missing)
  return missing.until === undefined ? said : words.waits.missing.until(said, stamp(missing.until))
}

function withoutEnd(missing: MissingWorkflow, words: Translator['words']['waits']['missing']): string {
  switch (missing.why) {
    case 'broken':
      return words.broken(missing.name, missing.problems.join('; '))
    case 'folder':
      return words.folder(missing.name, missing.folder)
    case 'removed':
      return words.removed(missing.name)
  }
}
