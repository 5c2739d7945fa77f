import { lazy } from '../../core/lazy.ts'
import { loadKoffi } from '../windows/koffi.ts'

/** The extended attribute in which Linux stores an access control list (acl(5)). */
const ATTRIBUTE = 'system.posix_acl_access'

/**
 * Declared once, because koffi keeps the memory of each declaration and a scheduler calls it for
 * each started job.
 */
const getxattr = lazy(() =>
  loadKoffi()
    .load(null)
    .func('intptr_t getxattr(const char *path, const char *name, void *value, size_t size)'),
)

/**
 * True if a file has an access control list, which can let any user write it. The mode then shows
 * the mask of the list as the rights of the group. False on other systems, and if koffi does not
 * load.
 */
export function hasAccessList(path: string): boolean {
  if (process.platform !== 'linux') return false
  try {
    return Number(getxattr()(path, ATTRIBUTE, null, 0)) > 0
  } catch {
    return false
  }
}
