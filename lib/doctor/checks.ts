import type { Check } from './check.ts'
import { browserCheck } from './checks/browser.ts'
import { clockCheck } from './checks/clock.ts'
import { configurationCheck } from './checks/configuration.ts'
import { databaseCheck } from './checks/database.ts'
import { foldersCheck } from './checks/folders.ts'
import { fontsCheck } from './checks/fonts.ts'
import { kernelLockCheck } from './checks/kernel-lock.ts'
import { leftoversCheck } from './checks/leftovers.ts'
import { limitsCheck } from './checks/limits.ts'
import { nodeCheck } from './checks/node.ts'
import { notifyCheck } from './checks/notify.ts'
import { ownerCheck } from './checks/owner.ts'
import { proxiesCheck } from './checks/proxies.ts'
import { sandboxCheck } from './checks/sandbox.ts'
import { sharedMemoryCheck } from './checks/shared-memory.ts'
import { spaceCheck } from './checks/space.ts'
import { terminalCheck } from './checks/terminal.ts'
import { workflowsCheck } from './checks/workflows.ts'

/**
 * All checks in order: first those of the machine, then those of the project. To add a check, add a
 * file in checks/, a line here, and the check's texts.
 */
export const CHECKS: readonly Check[] = [
  nodeCheck,
  browserCheck,
  sandboxCheck,
  fontsCheck,
  sharedMemoryCheck,
  limitsCheck,
  terminalCheck,
  clockCheck,
  configurationCheck,
  workflowsCheck,
  proxiesCheck,
  notifyCheck,
  // The check of the folders comes before the checks that create files in them.
  foldersCheck,
  spaceCheck,
  kernelLockCheck,
  ownerCheck,
  databaseCheck,
  leftoversCheck,
]
