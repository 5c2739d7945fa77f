import type { Catalogue } from '../../lib/locales/en.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { printResult, table } from '../output.ts'
import { wordsOf } from '../project.ts'
import type { Project } from '../project.ts'
import { effectiveSettings } from '../project-settings.ts'

/** Prints every setting with its value and its source. */
export function showConfig(project: Project, json: boolean): ExitCode {
  const { paths } = project
  const { commands } = wordsOf(project)
  const settings = effectiveSettings(project)
  printResult({ root: paths.root, settings }, json, value =>
    [
      commands.project(value.root),
      table(
        [...Object.values(commands.configColumns), commands.changeColumn],
        value.settings.map(one => [
          one.setting,
          valueText(one.setting, one.value, commands.unset),
          commands.source[one.source],
          one.environment,
          commands.takesEffect[one.takesEffect],
        ]),
      ),
    ].join('\n'),
  )
  return EXIT.done
}

/** JSON, as in the file; what is left empty is said in words, by what that means. */
function valueText(setting: string, value: unknown, words: Catalogue['commands']['unset']): string {
  if (value === '') return setting === 'language' ? words.language : words.browser
  const text = JSON.stringify(value)
  return text === '[]' || text === '{}' ? words.none : text
}
