import { runTogether } from '../../helpers/run-together.ts'

await runTogether(
  'app/**/*.slow.test.ts',
  'bin/**/*.slow.test.ts',
  'control/**/*.slow.test.ts',
  'execution/**/*.slow.test.ts',
  'platform/**/*.slow.test.ts',
  'screens/**/*.slow.test.ts',
)
