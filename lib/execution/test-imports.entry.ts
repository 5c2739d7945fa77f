import { mapOwnNames } from './own-imports.ts'

// Preloaded into the tests of a project (`automate-tui test`): there, too, "automate-tui" means this very package.
mapOwnNames()
