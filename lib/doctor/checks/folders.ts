import { accessSync, chmodSync, constants, existsSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { messageOf } from '../../core/errors.ts'
import { ok, problem, warning } from '../check.ts'
import type { Check } from '../check.ts'

const PRIVATE_FOLDER = 0o700
const OF_OTHERS = 0o077

/** Everything below these is reached through them alone. */
const FOLDERS = ['data', 'logs'] as const

/** Whether what the project writes can be written, and read by its user alone. Windows keeps a user's folders private by inheritance. */
export const foldersCheck: Check = {
  id: 'folders',
  ofProject: true,
  run({ words: { folders }, project, fix }) {
    const root = project?.root ?? ''
    const there = FOLDERS.map(name => join(root, name)).filter(existsSync)
    for (const folder of [root, ...there]) {
      try {
        accessSync(folder, constants.W_OK | constants.R_OK)
      } catch (error) {
        return problem(
          folders.unwritable(folder, messageOf(error)),
          folders.unwritableRemedy(userInfo().username),
        )
      }
    }
    const open = process.platform === 'win32' ? [] : there.filter(isOpen)
    if (open.length === 0) return ok(folders.good)
    if (!fix) return warning(folders.open(open.join(', ')), folders.openRemedy)
    for (const folder of open) chmodSync(folder, PRIVATE_FOLDER)
    return ok(folders.good, folders.closed(open.join(', ')))
  },
}

const isOpen = (folder: string): boolean => (statSync(folder).mode & OF_OTHERS) !== 0
