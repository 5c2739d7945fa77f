import { runTogether } from '../../helpers/run-together.ts'

await runTogether('store/**/*.slow.test.ts')
