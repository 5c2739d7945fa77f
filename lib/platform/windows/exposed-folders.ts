import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { othersThatRead, othersThatWrite } from './acl.ts'
import type { AllowEntry } from './acl.ts'
import { currentSid, makePrivate, readAcl } from './read-acl.ts'

/** Folders of a project that contain results, cookies and the scheduler's token. */
const PRIVATE_FOLDERS = ['data', 'logs'] as const

/** A folder, or a file with secrets, to which more accounts have access than intended. */
export interface ExposedFolder {
  readonly path: string
  /**
   * `change` for the project's root folder, which others can change; `read` for a private folder or
   * file, to which others have access.
   */
  readonly right: 'change' | 'read'
  readonly accounts: readonly string[]
}

/** Functions that read and change Windows access control lists. */
export interface AclAccess {
  readonly currentSid: () => Promise<string | undefined>
  readonly readAcl: (path: string) => Promise<readonly AllowEntry[] | undefined>
  readonly makePrivate: (folder: string) => Promise<boolean>
}

const SYSTEM: AclAccess = { currentSid, readAcl, makePrivate }

/**
 * Returns those folders of a project, and those of the secret `files`, that other Windows users can
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
 * Restricts the exposed private folders and files to the user, and returns those that are still
 * exposed. The root folder is not changed, because its permissions are the user's own choice.
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
