import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { describeProject, openProject } from '../../../lib/app/project/project.ts'
import { newFolder } from '../../helpers/store/project.ts'

const posix = {
  skip: process.platform === 'win32' && 'Windows has access control lists instead of modes',
}

/**
 * Folders in which each case builds its project. The project is in `own`, with code behind links to
 * `shared`, where every user may create files, as in `/tmp`.
 */
interface Places {
  readonly own: string
  readonly shared: string
}

interface LinkedProject {
  readonly root: string
  /**
   * A file or folder that decides which code the project runs, and that another user could create
   * in `shared`.
   */
  readonly bait: string
}

const CONFIG = 'automate.config.mjs'

function write(file: string, text = 'export default {}'): string {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path)
}

/** Returns the root of a project in the user's own folder. */
function ownProject({ own }: Places, config = 'export default {}'): string {
  write(join(own, 'project', CONFIG), config)
  return join(own, 'project')
}

/**
 * Projects by the file or folder that is a link. The target of each link is in a folder of the same
 * user in `shared`.
 */
const LINKED: Readonly<Record<string, (places: Places) => LinkedProject>> = {
  'the folder of workflows, below a package.json': places => {
    const root = ownProject(places)
    write(join(places.shared, 'wf', 'a.ts'))
    link(join(places.shared, 'wf'), join(root, 'workflows'))
    return { root, bait: join(places.shared, 'package.json') }
  },
  'the folder above the workflows, below a node_modules': places => {
    const root = ownProject(places, `export default { workflows: ['code/workflows'] }`)
    write(join(places.shared, 'code', 'workflows', 'a.ts'))
    link(join(places.shared, 'code'), join(root, 'code'))
    return { root, bait: join(places.shared, 'node_modules') }
  },
  'a chain of links': places => {
    const root = ownProject(places)
    write(join(places.shared, 'deep', 'wf', 'a.ts'))
    link(join(places.shared, 'deep', 'wf'), join(places.own, 'current'))
    link(join(places.own, 'current'), join(root, 'workflows'))
    return { root, bait: join(places.shared, 'package.json') }
  },
  'a folder in the folder of workflows': places => {
    const root = ownProject(places)
    write(join(root, 'workflows', 'a.ts'))
    write(join(places.shared, 'parts', 'part.ts'))
    link(join(places.shared, 'parts'), join(root, 'workflows', 'parts'))
    return { root, bait: join(places.shared, 'node_modules') }
  },
  'a workflow': places => {
    const root = ownProject(places)
    write(join(places.shared, 'wf', 'a.ts'))
    link(join(places.shared, 'wf', 'a.ts'), join(root, 'workflows', 'a.ts'))
    return { root, bait: join(places.shared, 'package.json') }
  },
  'the configuration': places => {
    const root = join(places.own, 'project')
    write(join(places.shared, 'dotfiles', CONFIG))
    link(join(places.shared, 'dotfiles', CONFIG), join(root, CONFIG))
    return { root, bait: join(places.shared, 'package.json') }
  },
  'the project': places => {
    write(join(places.shared, 'project', CONFIG))
    const root = join(places.own, 'project')
    link(join(places.shared, 'project'), root)
    return { root, bait: join(places.shared, 'node_modules') }
  },
  'the folder of installed packages': places => {
    const root = ownProject(places)
    write(join(places.shared, 'packages', 'shop', 'index.js'))
    link(join(places.shared, 'packages'), join(root, 'node_modules'))
    return { root, bait: join(places.shared, 'node_modules') }
  },
  'the folder of packages of a part of the workflows': places => {
    const root = ownProject(places)
    write(join(root, 'workflows', 'parts', 'a.ts'))
    write(join(places.shared, 'packages', 'shop', 'index.js'))
    link(join(places.shared, 'packages'), join(root, 'workflows', 'parts', 'node_modules'))
    return { root, bait: join(places.shared, 'node_modules') }
  },
}

function newPlaces(): Places {
  const folder = newFolder()
  const places = { own: join(folder, 'own'), shared: join(folder, 'shared') }
  for (const place of Object.values(places)) mkdirSync(place)
  chmodSync(places.shared, 0o1777)
  return places
}

/**
 * Creates a file or folder as another user could. It gets write rights for all users, because only
 * root can create files of other users.
 */
function plant(bait: string): void {
  if (bait.endsWith('node_modules')) mkdirSync(bait)
  else writeFileSync(bait, '{}')
  chmodSync(bait, 0o777)
}

for (const [what, build] of Object.entries(LINKED))
  t.test(`refuses files of other users next to the target of a link that is ${what}`, posix, async t => {
    const places = newPlaces()
    const { root, bait } = build(places)
    const project = await openProject({ root }, { readOnly: true })
    await t.resolves(describeProject(project), 'the link alone is trusted')
    plant(bait)
    const refusal = {
      code: 'config-invalid',
      message: new RegExp(
        `Other users can write ${bait} \\(mode 0777\\).* Run "chmod (?:-R )?go-w ${bait}", set `,
      ),
    }
    await t.rejects(openProject({ root }, { readOnly: true }), refusal)
    await t.rejects(describeProject(project), refusal, 'a running scheduler checks the target too')
    chmodSync(bait, 0o755)
    await t.resolves(openProject({ root }, { readOnly: true }))
  })

t.test('refuses code linked from a folder in which all users can create files', posix, async t => {
  const cases: readonly [string, string][] = [
    ['a.ts', join('workflows', 'a.ts')],
    ['a.cjs', join('workflows', 'parts', 'a.cjs')],
    [CONFIG, CONFIG],
  ]
  for (const [target, path] of cases) {
    const places = newPlaces()
    const root = join(places.own, 'project')
    write(join(places.shared, target))
    link(join(places.shared, target), join(root, path))
    if (!existsSync(join(root, CONFIG))) write(join(root, CONFIG))
    const open = () => openProject({ root }, { readOnly: true })
    await t.rejects(
      open(),
      {
        code: 'config-invalid',
        message: new RegExp(
          `Other users can write ${places.shared} \\(mode 1777\\)\\..* Move the code of the project out of ${places.shared} into a folder of your own, set `,
        ),
      },
      path,
    )
    chmodSync(join(places.shared, target), 0o666)
    write(join(root, '.env'), '')
    chmodSync(join(root, '.env'), 0o666)
    const [command, closed] = [`Run "chmod go-w `, `${join(places.shared, target)}[" ]`]
    await t.rejects(
      open(),
      { message: new RegExp(`${command}[^"]*${closed}.* Move the code`) },
      `${path}: each has its own remedy`,
    )
    rmSync(join(root, '.env'))
    chmodSync(join(places.shared, target), 0o644)
    chmodSync(places.shared, 0o755)
    await t.resolves(open(), path)
  }
})

t.test('accepts a link from such a folder to a file without imports', posix, async t => {
  const places = newPlaces()
  const root = ownProject(places)
  write(join(places.shared, 'prices.json'), '{}')
  link(join(places.shared, 'prices.json'), join(root, 'workflows', 'prices.json'))
  write(join(places.shared, 'variables'), '')
  link(join(places.shared, 'variables'), join(root, '.env'))
  link(join(places.shared, 'gone.ts'), join(root, 'workflows', 'gone.ts'))
  link(join(root, 'workflows'), join(root, 'workflows', 'again'))
  await t.resolves(openProject({ root }, { readOnly: true }))
})
