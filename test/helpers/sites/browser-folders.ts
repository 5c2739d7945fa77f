import { join } from 'node:path'
import type { SpawnOptions } from '../../../lib/execution/browser/launch/chrome-process.ts'

/** Returns the folders in which a browser started in `folder` writes its files. */
export function browserFolders(folder: string): Pick<SpawnOptions, 'folders' | 'output'> {
  return {
    folders: {
      profile: join(folder, 'profile'),
      crashDumps: join(folder, 'dumps'),
      ports: join(folder, 'ports'),
    },
    output: join(folder, 'chrome.log'),
  }
}
