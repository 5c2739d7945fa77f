import { lazy } from '../../core/lazy.ts'
import { loadKoffi } from '../windows/koffi.ts'

/** The extended attribute in which Linux stores an access control list (acl(5)). */
const ATTRIBUTE = 'system.posix_acl_access'

/** Declared once: koffi keeps the memory of each declaration, and a scheduler asks for each job that it starts. */
const getxattr = lazy(() =>
  loadKoffi()
    .load(null)
    .func('intptr_t getxattr(const char *path, const char *name, void *value, size_t size)'),
)

/**
 * Returns true if a file has an access control list, which can let any user write it. The mode then shows the mask of the list as the
 * rights of the group. Returns false on other systems, and where koffi does not load.
 */
export function hasAccessList(path: string): boolean {
  if (process.platform !== 'linux') return false
  try {
    return Number(getxattr()(path, ATTRIBUTE, null, 0)) > 0
  } catch {
    return false
  }
}
