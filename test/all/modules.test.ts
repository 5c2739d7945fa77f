import { runTogether } from '../helpers/run-together.ts'

await runTogether('authoring', 'config', 'core', 'domain', 'files', 'locales', 'notify', 'report', 'testing')
