import { SETTINGS, environmentName } from '../../lib/config/config.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { printResult, table } from '../output.ts'
import type { Project } from '../project.ts'

/** Prints every setting with its value and its source. */
export function showConfig({ paths, resolved }: Project, json: boolean): ExitCode {
  const settings = SETTINGS.map(setting => ({
    setting,
    value: resolved.config[setting],
    source: resolved.sources[setting],
    environment: environmentName(setting),
  }))
  printResult({ root: paths.root, settings }, json, value =>
    [
      `Project ${value.root}`,
      table(
        ['setting', 'value', 'from', 'in the environment'],
        value.settings.map(one => [one.setting, JSON.stringify(one.value), one.source, one.environment]),
      ),
    ].join('\n'),
  )
  return EXIT.done
}
