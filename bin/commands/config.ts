import { SETTINGS, environmentName } from '../../lib/config/config.ts'
import { publicValue } from '../../lib/config/public-value.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { printResult, table } from '../output.ts'
import { wordsOf } from '../project.ts'
import type { Project } from '../project.ts'

/** Prints every setting with its value and its source. */
export function showConfig(project: Project, json: boolean): ExitCode {
  const { paths, resolved } = project
  const { commands } = wordsOf(project)
  const settings = SETTINGS.map(setting => ({
    setting,
    value: publicValue(resolved.config, setting),
    source: resolved.sources[setting],
    environment: environmentName(setting),
  }))
  printResult({ root: paths.root, settings }, json, value =>
    [
      commands.project(value.root),
      table(
        Object.values(commands.configColumns),
        value.settings.map(one => [
          one.setting,
          JSON.stringify(one.value),
          commands.source[one.source],
          one.environment,
        ]),
      ),
    ].join('\n'),
  )
  return EXIT.done
}
