import { lazy } from '../../core/lazy.ts'
import { loadKoffi } from '../windows/koffi.ts'

/** Extended attribute in which Linux stores the access control list of a file (acl(5)). */
const ATTRIBUTE = 'system.posix_acl_access'

/**
 * The function is declared only once, because koffi never frees the memory of a declaration, and a
 * scheduler calls the function for each job that it starts.
 */
const getxattr = lazy(() =>
  loadKoffi()
    .load(null)
    .func('intptr_t getxattr(const char *path, const char *name, void *value, size_t size)'),
)

/**
 * True if a file has an access control list, which can allow any user to write to it. The group
 * permissions of the file's mode then show only the mask of the list. False on systems other than
 * Linux, and if koffi does not load.
 */
export function hasAccessList(path: string): boolean {
  if (process.platform !== 'linux') return false
  try {
    return Number(getxattr()(path, ATTRIBUTE, null, 0)) > 0
  } catch {
    return false
  }
}
