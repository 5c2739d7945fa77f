import { runTogether } from '../../helpers/run-together.ts'

await runTogether('package')
