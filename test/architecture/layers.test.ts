import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { z } from 'zod'

const root = fileURLToPath(new URL('../..', import.meta.url))
const config = join(root, '.dependency-cruiser.cjs')
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')

const Cruise = z.object({
  summary: z.object({
    totalCruised: z.int(),
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
})

const Config = z.object({ forbidden: z.array(z.object({ name: z.string(), comment: z.string().min(30) })) })

/** Small tree without violations. The plants are added to it. */
const SOUND: Readonly<Record<string, string>> = {
  'lib/core/errors.ts': 'export const errors = 1\n',
  'lib/model/job.ts': "export { errors as job } from '../core/errors.ts'\n",
  'lib/store/jobs.ts': "export { job } from '../model/job.ts'\n",
  'lib/store/engine/engine.ts': "import 'sql.js'\nimport '../jobs.ts'\n",
  'lib/files/watch.ts': "import 'chokidar'\nexport { job } from '../model/job.ts'\n",
  'lib/platform/koffi.ts': "import 'koffi'\nimport 'node:child_process'\nexport const system = 1\n",
  'lib/platform/reaper.entry.ts': "import './koffi.ts'\n",
  'lib/locales/en.ts': "export { errors as en } from '../core/errors.ts'\n",
  'lib/authoring/phase.ts': "import type { Page } from 'puppeteer'\nexport type Phase = Page\n",
  'lib/loader/child/answer.ts': "export type { Phase } from '../../authoring/phase.ts'\n",
  'lib/loader/client/ask.ts': "import 'node:child_process'\nexport const ask = 1\n",
  'lib/catalogue/describe.ts': "export { ask } from '../loader/client/ask.ts'\n",
  'lib/index.ts': "export type { Phase } from './authoring/phase.ts'\n",
  'lib/execution/worker.ts': "import 'puppeteer'\nexport { job } from '../store/jobs.ts'\n",
  'lib/control/decide/decide.ts': 'export const decide = 1\n',
  'lib/control/machine/pool.ts': "export { decide as pool } from '../decide/decide.ts'\n",
  'lib/control/leader/queue.ts': "export { decide as queue } from '../decide/decide.ts'\n",
  'lib/app/port/snapshot.ts': "export { job as snapshot } from '../../model/job.ts'\n",
  'lib/app/project.ts': "export { snapshot } from './port/snapshot.ts'\n",
  'lib/control/scheduler.ts':
    "import 'node:child_process'\nimport '../files/watch.ts'\nexport { job } from '../store/jobs.ts'\n",
  'lib/notify/post.ts':
    "import 'node-fetch'\nimport 'node:http'\nexport { errors as notice } from '../core/errors.ts'\n",
  'lib/demo/site/site.ts': "import 'node:http'\nexport const site = 1\n",
  'lib/demo/workflows/cheapest.ts': "export type { Phase } from '../../index.ts'\n",
  'screens/app.ts':
    "import 'blessed'\nimport './terminal/table.ts'\nexport { en } from '../lib/locales/en.ts'\n",
  'screens/terminal/table.ts': "import 'blessed-contrib'\n",
  'bin/automate-tui.ts':
    "import 'commander'\nimport '../screens/app.ts'\nimport '../lib/control/scheduler.ts'\n",
  'test/helpers/store/project.ts': 'export const project = 1\n',
  'test/any.test.ts': "import 'node:child_process'\nimport '../lib/execution/worker.ts'\n",
}

/** One violation of each rule: the rule, the file that breaks it, and its text. */
const PLANTS: readonly (readonly [rule: string, file: string, text: string])[] = [
  [
    'layer-core',
    'lib/core/bad.ts',
    "import type { job } from '../model/job.ts'\nexport type Bad = typeof job\n",
  ],
  ['layer-model', 'lib/model/bad.ts', "import '../files/watch.ts'\n"],
  ['layer-locales', 'lib/locales/bad.ts', "import '../files/watch.ts'\n"],
  ['layer-config', 'lib/config/bad.ts', "import '../files/watch.ts'\n"],
  ['layer-loader', 'lib/loader/client/bad.ts', "import '../../config/bad.ts'\n"],
  ['layer-app', 'lib/app/bad.ts', "import '../../screens/app.ts'\n"],
  ['part-control/decide', 'lib/control/decide/bad.ts', "import '../machine/pool.ts'\n"],
  ['part-control/machine', 'lib/control/machine/bad.ts', "import '../leader/queue.ts'\n"],
  ['part-control/leader', 'lib/control/leader/bad.ts', "import '../machine/pool.ts'\n"],
  ['part-loader/client', 'lib/loader/client/load.ts', "import '../child/answer.ts'\n"],
  ['part-loader/child', 'lib/loader/child/bad.ts', "import '../client/ask.ts'\n"],
  ['part-app/port', 'lib/app/port/bad.ts', "import '../project.ts'\n"],
  ['project-modules-in-workers', 'lib/catalogue/load.ts', "import '../loader/child/answer.ts'\n"],
  ['layer-store', 'lib/store/bad.ts', "import '../control/scheduler.ts'\n"],
  ['layer-notify', 'lib/notify/bad.ts', "import '../store/jobs.ts'\n"],
  ['layer-files', 'lib/files/bad.ts', "import '../platform/koffi.ts'\n"],
  ['layer-platform', 'lib/platform/bad.ts', "import '../files/watch.ts'\n"],
  ['layer-authoring', 'lib/authoring/bad.ts', "import '../execution/worker.ts'\n"],
  ['layer-catalogue', 'lib/catalogue/bad.ts', "import '../control/scheduler.ts'\n"],
  [
    'layer-execution',
    'lib/execution/bad.ts',
    "export type Bad = import('../control/scheduler.ts', { with: { 'resolution-mode': 'import' } }).job\n",
  ],
  ['layer-control', 'lib/control/bad.ts', "import '../execution/worker.ts'\n"],
  ['layer-report', 'lib/report/bad.ts', "import '../control/scheduler.ts'\n"],
  ['layer-doctor', 'lib/doctor/bad.ts', "import '../../screens/app.ts'\n"],
  ['layer-testing', 'lib/testing/bad.ts', "import '../execution/worker.ts'\n"],
  ['layer-demo/site', 'lib/demo/site/bad.ts', "import '../../index.ts'\n"],
  ['layer-demo/workflows', 'lib/demo/workflows/bad.ts', "import '../../core/errors.ts'\n"],
  ['layer-index', 'lib/index.ts', "import './execution/worker.ts'\n"],
  [
    'layer-screens',
    'screens/bad.ts',
    "import type { job } from '../lib/control/scheduler.ts'\nexport type Bad = typeof job\n",
  ],
  ['door-blessed', 'screens/view.ts', "import 'blessed'\n"],
  [
    'door-puppeteer',
    'lib/control/browser.ts',
    "import type { Page } from 'puppeteer'\nexport type Bad = Page\n",
  ],
  ['door-puppeteer-types', 'lib/authoring/page.ts', "import 'puppeteer'\n"],
  ['door-sql.js', 'lib/store/query.ts', "import 'sql.js'\n"],
  ['door-koffi', 'lib/store/lock.ts', "import 'koffi'\n"],
  ['door-child_process', 'lib/files/run.ts', "import 'node:child_process'\n"],
  ['door-chokidar', 'screens/watch.ts', "import 'chokidar'\n"],
  ['door-commander', 'lib/control/flags.ts', "import 'commander'\n"],
  ['door-node-fetch', 'lib/control/tell.ts', "import 'node-fetch'\n"],
  ['door-http', 'lib/store/serve.ts', "import 'node:https'\n"],
  ['unknown-folder', 'bin/bad.ts', "import '../lib/manager/thing.ts'\n"],
  ['unknown-folder-imports', 'lib/manager/thing.ts', "import '../core/errors.ts'\n"],
  ['nobody-imports-an-entry', 'lib/platform/entries.ts', "import './reaper.entry.ts'\n"],
  ['product-imports-no-test', 'bin/tests.ts', "import '../test/any.test.ts'\n"],
  ['programs-load-no-tap', 'test/fault/run.entry.ts', "import '../helpers/store/project.ts'\n"],
  ['helpers-import-types-of-tap', 'test/helpers/host.ts', "import 'tap'\n"],
  ['no-cycle', 'lib/core/left.ts', "import type { Right } from './right.ts'\nexport type Left = Right\n"],
  ['no-orphan', 'lib/core/alone.ts', 'export const alone = 1\n'],
  ['resolvable', 'lib/core/lost.ts', "import './nowhere.ts'\n"],
  ['shipped-dependencies', 'lib/core/dev.ts', "import 'prettier'\n"],
]

/** Other half of the cycle, which is reported once. */
const COMPANIONS = [
  ['lib/core/right.ts', "import type { Left } from './left.ts'\nexport type Right = Left\n"],
] as const

async function cruise(folder: string, paths: readonly string[]) {
  const text = await new Promise<string>((resolve, reject) => {
    execFile(
      process.execPath,
      [cruiser, '--config', config, '--output-type', 'json', ...paths],
      { cwd: folder, maxBuffer: 2 ** 28 },
      // The exit code is the number of violations, so only output without JSON is a failure.
      (error, stdout, stderr) =>
        stdout.startsWith('{') ? resolve(stdout) : reject(error ?? new Error(stderr)),
    )
  })
  const { violations, totalCruised } = Cruise.parse(JSON.parse(text)).summary
  return { totalCruised, violations: violations.map(({ rule, from }) => `${rule.name} ${from}`) }
}

function plant(folder: string, files: readonly (readonly [file: string, text: string])[]): void {
  for (const [file, text] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  for (const file of ['package.json', 'tsconfig.json']) copyFileSync(join(root, file), join(folder, file))
}

const FOLDERS = ['lib', 'screens', 'bin', 'scripts', 'test']
const TREE = ['lib', 'screens', 'bin', 'test']

t.test('every rule catches its planted violation, and every rule has one', async t => {
  const folder = t.testdir()
  plant(folder, [
    ...Object.entries(SOUND),
    ...COMPANIONS,
    ...PLANTS.map(([, file, text]) => [file, text] as const),
  ])
  const { violations } = await cruise(folder, TREE)
  for (const [rule, file] of PLANTS) t.ok(violations.includes(`${rule} ${file}`), `${rule} in ${file}`)

  const { forbidden } = Config.parse(createRequire(import.meta.url)(config))
  t.strictSame(new Set(PLANTS.map(([rule]) => rule)), new Set(forbidden.map(({ name }) => name)))
})

t.test('accepts a tree that keeps the rules', async t => {
  const folder = t.testdir()
  plant(folder, Object.entries(SOUND))
  const { violations, totalCruised } = await cruise(folder, TREE)
  t.strictSame(violations, [])
  t.ok(totalCruised >= Object.keys(SOUND).length)
})

t.test('the source tree keeps the rules', async t => {
  const { violations, totalCruised } = await cruise(
    root,
    FOLDERS.filter(name => existsSync(join(root, name))),
  )
  t.strictSame(violations, [])
  t.ok(totalCruised > 50, `${totalCruised} modules checked`)
})
