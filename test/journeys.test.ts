import { runTogether } from './helpers/run-together.ts'

// One journey for each part of the product. The full suite runs all of them.
await runTogether(
  'journeys/demo/demo-run.test.ts',
  'journeys/console/console-desk.test.ts',
  'journeys/console/console-signals.test.ts',
  'journeys/database/damaged-database.test.ts',
  'journeys/kills/kills.test.ts',
  'journeys/sites/refusals.test.ts',
  'journeys/trust/changed-secrets.test.ts',
  'journeys/workflows/inner-functions.test.ts',
)
