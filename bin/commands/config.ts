import { settingText } from '../../lib/locales/format/setting-text.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { printResult, table } from '../output/output.ts'
import { wordsOf } from '../../lib/app/project/project.ts'
import type { Project } from '../../lib/app/project/project.ts'
import { effectiveSettings } from '../../lib/app/project/project-settings.ts'

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
          settingText(one.setting, JSON.stringify(one.value), commands),
          commands.source[one.source],
          one.environment,
          commands.takesEffect[one.takesEffect],
        ]),
      ),
    ].join('\n'),
  )
  return EXIT.done
}
