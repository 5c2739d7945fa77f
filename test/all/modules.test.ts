import { runTogether } from '../helpers/run-together.ts'

await runTogether(
  ...['authoring', 'bench', 'config', 'core', 'demo', 'docs', 'files', 'locales'],
  ...['model', 'notify', 'report', 'testing'],
)
