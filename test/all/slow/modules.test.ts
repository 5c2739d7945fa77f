import { runTogether } from '../../helpers/run-together.ts'

await runTogether(
  'catalogue/**/*.slow.test.ts',
  'core/**/*.slow.test.ts',
  'demo/**/*.slow.test.ts',
  'docs/**/*.slow.test.ts',
  'files/**/*.slow.test.ts',
  'loader/**/*.slow.test.ts',
)
