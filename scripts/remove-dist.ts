import { rmSync } from 'node:fs'
import { join } from 'node:path'

// Before a package is made: what the compiler once wrote for a module that is gone would go into it.
rmSync(join(import.meta.dirname, '../dist'), { recursive: true, force: true })
