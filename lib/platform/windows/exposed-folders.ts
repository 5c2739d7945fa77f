import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { othersThatRead, othersThatWrite } from './acl.ts'
import type { AllowEntry } from './acl.ts'
import { currentSid, makePrivate, readAcl } from './read-acl.ts'

/** Folders of a project that hold results, cookies and the token of the scheduler. */
const PRIVATE_FOLDERS = ['data', 'logs'] as const

/** A folder, or a file of secrets, that more accounts can use than intended. */
export interface ExposedFolder {
  readonly path: string
  /** Root folder: others can change it. Private folder: others can read it. */
  readonly right: 'change' | 'read'
  readonly accounts: readonly string[]
}

/** Access to the lists of Windows. */
export interface AclAccess {
  readonly currentSid: () => Promise<string | undefined>
  readonly readAcl: (path: string) => Promise<readonly AllowEntry[] | undefined>
  readonly makePrivate: (folder: string) => Promise<boolean>
}

const SYSTEM: AclAccess = { currentSid, readAcl, makePrivate }

/**
 * Returns the folders of a project, and the secret `files`, that other users of this Windows can
 * read or change.
 */
export async function exposedFolders(
  root: string,
  files: readonly string[] = [],
  access: AclAccess = SYSTEM,
): Promise<ExposedFolder[]> {
  const user = await access.currentSid()
  if (user === undefined) return []
  const folders = PRIVATE_FOLDERS.map(name => join(root, name)).filter(existsSync)
  const exposed = await Promise.all(
    [root, ...folders, ...files].map(async (path): Promise<ExposedFolder> => {
      const acl = (await access.readAcl(path)) ?? []
      return path === root
        ? { path, right: 'change', accounts: othersThatWrite(acl, user) }
        : {
            path,
            right: 'read',
            accounts: [...new Set([...othersThatRead(acl, user), ...othersThatWrite(acl, user)])],
          }
    }),
  )
  return exposed.filter(({ accounts }) => accounts.length > 0)
}

/**
 * Makes private folders and files private, and returns the remaining exposed ones. The root folder
 * stays unchanged, because it is the user's own.
 */
export async function closeFolders(
  exposed: readonly ExposedFolder[],
  access: AclAccess = SYSTEM,
): Promise<ExposedFolder[]> {
  const left: ExposedFolder[] = []
  for (const folder of exposed) {
    if (folder.right === 'change' || !(await access.makePrivate(folder.path))) left.push(folder)
  }
  return left
}
