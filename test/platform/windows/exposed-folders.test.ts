import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { closeFolders, exposedFolders } from '../../../lib/platform/windows/exposed-folders.ts'
import { newFolder } from '../../helpers/store/project.ts'

const ME = 'S-1-5-21-1-2-3-1001'
const OPEN = [{ account: 'AU', mask: 0x1301bf }]
const CLOSED = [{ account: ME, mask: 0x1f01ff }]

t.test(
  'names writable projects and readable folders or secrets; --fix restricts the readable ones',
  async t => {
    const root = newFolder()
    const [data, logs, dotEnv] = [join(root, 'data'), join(root, 'logs'), join(root, '.env')]
    mkdirSync(data)
    mkdirSync(logs)
    const lists = new Map([
      [root, OPEN],
      [data, OPEN],
      [dotEnv, OPEN],
      [logs, CLOSED],
    ])
    const closed: string[] = []
    const access = {
      currentSid: async () => ME,
      readAcl: async (path: string) => lists.get(path),
      makePrivate: async (path: string) => closed.push(path) > 0,
    }
    const exposed = await exposedFolders(root, [dotEnv], access)
    t.strictSame(exposed, [
      { path: root, right: 'change', accounts: ['Authenticated Users'] },
      { path: data, right: 'read', accounts: ['Authenticated Users'] },
      { path: dotEnv, right: 'read', accounts: ['Authenticated Users'] },
    ])
    t.match(await closeFolders(exposed, access), [{ path: root }], 'the owner must restrict the root')
    t.strictSame(closed, [data, dotEnv])
    t.strictSame(
      await exposedFolders(root, [], { ...access, readAcl: async () => undefined }),
      [],
      'unknown lists',
    )
    t.strictSame(await exposedFolders(root, [], { ...access, currentSid: async () => undefined }), [])
  },
)
