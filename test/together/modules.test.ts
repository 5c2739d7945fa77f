import { runTogether } from '../helpers/run-together.ts'

await runTogether(
  'authoring',
  'config',
  'core',
  'demo-site',
  'domain',
  'files',
  'locales',
  'notify',
  'report',
  'testing',
)
