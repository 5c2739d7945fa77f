'use strict'

/**
 * The architecture as a table: what each folder may import of ours. Types count as much as values.
 * A folder that is not in it may import nothing and be imported by nobody until it has a row here.
 */
const LAYERS = {
  'lib/core': [],
  'lib/model': ['lib/core'],
  'lib/locales': ['lib/core', 'lib/model'],
  // A client asks, a child imports the modules of a project: see PARTS.
  'lib/loader': ['lib/core', 'lib/model', 'lib/authoring'],
  'lib/config': ['lib/core', 'lib/model', 'lib/loader'],
  'lib/store': ['lib/core', 'lib/model', 'lib/platform'],
  'lib/notify': ['lib/core', 'lib/model', 'lib/locales'],
  'lib/files': ['lib/core', 'lib/model'],
  'lib/platform': ['lib/core', 'lib/model'],
  'lib/authoring': ['lib/core', 'lib/model'],
  'lib/catalogue': ['lib/core', 'lib/model', 'lib/loader'],
  'lib/execution': [
    'lib/core',
    'lib/model',
    'lib/loader',
    'lib/store',
    'lib/files',
    'lib/platform',
    'lib/authoring',
    'lib/catalogue',
    'lib/config',
    'lib/notify',
  ],
  'lib/control': [
    'lib/core',
    'lib/model',
    'lib/store',
    'lib/files',
    'lib/platform',
    'lib/locales',
    'lib/notify',
  ],
  'lib/report': ['lib/core', 'lib/model', 'lib/locales'],
  'lib/app': [
    'lib/core',
    'lib/model',
    'lib/store',
    'lib/files',
    'lib/platform',
    'lib/locales',
    'lib/notify',
    'lib/loader',
    'lib/config',
    'lib/catalogue',
    'lib/control',
    'lib/report',
  ],
  // It tries out what all of them use.
  'lib/doctor': [
    'lib/core',
    'lib/model',
    'lib/store',
    'lib/files',
    'lib/platform',
    'lib/locales',
    'lib/config',
    'lib/execution',
    'lib/control',
    'lib/notify',
  ],
  'lib/testing': ['lib/core', 'lib/model'],
  'lib/demo/site': ['lib/core'],
  'lib/demo/workflows': ['lib/index.ts'],
  'lib/index.ts': ['lib/core', 'lib/model', 'lib/authoring', 'lib/config'],
  screens: ['lib/core', 'lib/model', 'lib/store', 'lib/locales', 'lib/app/port'],
}

/** Why a row is as it is, for whoever broke it. */
const REASONS = {
  'lib/core': 'Core is the ground: it knows nothing of ours. Move what needs more up, or pass it in.',
  'lib/model': 'The model is schemas and tables without input or output: it stands on core alone.',
  'lib/store': 'The store knows no layer above it: hand it values, and let it hand values back.',
  'lib/files': 'The state directory knows no layer above it, nor the store or the platform beside it.',
  'lib/platform': 'Platform speaks with the system only: pass in what it shall record or tell.',
  'lib/notify':
    'A channel takes a notice and says how it arrived: who queues it and when it is sent is decided in Control.',
  'lib/report':
    'A report is made of what the store has said: hand it the run, and let the caller write the page.',
  'lib/demo/workflows': 'Built-in workflows use the public API alone, as users do: import from lib/index.ts.',
  'lib/index.ts':
    'The public API is what authoring and the model offer; nothing that runs may leak through it.',
  'lib/testing':
    'A test runs a workflow as its user would, by the program: what runs is never loaded into the test.',
  'lib/loader': 'The loader hands over what a module exports: what that means is decided by whoever asked.',
  'lib/app':
    'A use case serves the console and the commands alike: it knows neither a screen nor a command line.',
  'lib/execution':
    'Execution never imports Control or the screens: they meet in the store and in files. Add a document or a store operation.',
  'lib/control':
    'Control never imports Execution or the screens: it starts a worker by its entry path and reads its documents.',
  screens:
    'Screens read snapshots and give commands: they never import Control or Execution. Extend the port.',
}

/** Parts of a layer that do not import each other, each with the parts that it does not know. */
const PARTS = {
  'lib/control/decide': {
    never: ['lib/control/(?!decide/)'],
    comment: 'Decisions are pure: they take views and return actions, and know nothing that acts.',
  },
  'lib/control/machine': {
    never: ['lib/control/leader/', 'lib/control/scheduler/'],
    comment:
      'The processes, files and disks of one machine know nothing of what is decided once for all machines.',
  },
  'lib/control/leader': {
    never: ['lib/control/machine/', 'lib/control/scheduler/'],
    comment:
      'What is decided once for all machines knows nothing of the processes, files and disks of one: take what it needs as an interface.',
  },
  'lib/loader/client': {
    never: ['lib/loader/child/'],
    comment: 'User code is imported in a child alone: start the child by its entry, and share the schema.',
  },
  'lib/loader/child': {
    never: ['lib/loader/client/'],
    comment: 'The child answers whoever started it: put what both sides know into lib/model/loader.',
  },
  'lib/app/port': {
    never: ['lib/app/(?!port/)', 'lib/control/', 'lib/store/', 'lib/files/', 'lib/config/'],
    comment: 'The port is types and pure functions: the screens load it, and nothing that acts with it.',
  },
}

/** Modules that may load the modules of a project: the loader itself, and a worker. */
const LOADS_PROJECT_MODULES = '^lib/(loader/child|execution)/'

/** Dangerous modules, each with the folders that may open them. */
const DOORS = [
  {
    name: 'blessed',
    module: '^(@types/)?blessed(-contrib)?$',
    only: ['screens/terminal/', 'screens/app\\.ts$'],
    comment: 'Only the terminal and the app draw: everything else must run where blessed is not installed.',
  },
  {
    name: 'puppeteer',
    module: '^(puppeteer(-core)?|@puppeteer)$',
    only: ['lib/execution/'],
    typesOnly: ['lib/authoring/', 'lib/doctor/', 'lib/index\\.ts$'],
    comment: 'Only Execution drives a browser; authoring names its types (import type).',
  },
  {
    name: 'sql.js',
    module: '^(@types/)?sql\\.js$',
    only: ['lib/store/engine'],
    comment: 'SQL is spoken in the store, and the engine is its only mouth.',
  },
  {
    name: 'koffi',
    module: '^koffi$',
    only: ['lib/platform/'],
    comment: 'System calls by hand are made in platform, behind a function that every system has.',
  },
  {
    name: 'child_process',
    module: '^(node:)?child_process$',
    only: [
      // Its processes end with their parent.
      'lib/store/file-work/',
      'lib/platform/',
      'lib/control/',
      'lib/execution/',
      'lib/loader/client/',
      'lib/testing/',
      'bin/',
      'scripts/',
      'bench/',
    ],
    comment: 'Who starts a process must also end it, whatever happens: only those that do may start one.',
  },
  {
    name: 'chokidar',
    module: '^chokidar$',
    only: ['lib/files/'],
    comment: 'Watching has its traps (missed, doubled and early events): use watchDocuments or tailLogs.',
  },
  {
    name: 'commander',
    module: '^commander$',
    only: ['bin/'],
    comment: 'Only the program reads flags; what is below takes values.',
  },
  {
    name: 'node-fetch',
    module: '^node-fetch$',
    only: ['lib/notify/'],
    comment: 'What leaves this machine as a message goes through lib/notify, which redacts it.',
  },
  {
    name: 'http',
    module: '^(node:)?https?$',
    only: ['lib/execution/', 'lib/control/', 'lib/notify/', 'lib/demo/site/', 'bin/', 'scripts/', 'bench/'],
    comment: 'Network traffic has few doors, so that limits, proxies and secrets are kept in one place.',
  },
]

/** Bundled into `dist/` by scripts/build.ts, so that users do not install them. */
const BUNDLED = ['blessed-contrib']

const anchored = path => `^${path.replaceAll('.', '\\.')}${path.endsWith('.ts') ? '$' : '/'}`
const OURS = '^(lib|screens|bin|scripts|bench|test)/'
const TESTS = '^test/'

const layerRules = Object.entries(LAYERS).map(([layer, allowed]) => ({
  name: `layer-${layer.replace('lib/', '').replace('.ts', '')}`,
  severity: 'error',
  comment:
    REASONS[layer] ??
    `${layer} may import ${allowed.join(', ') || 'nothing of ours'}: see the table in .dependency-cruiser.cjs.`,
  from: { path: anchored(layer) },
  to: { path: OURS, pathNot: [layer, ...allowed].map(anchored) },
}))

const partRules = Object.entries(PARTS).map(([part, { never, comment }]) => ({
  name: `part-${part.replace('lib/', '')}`,
  severity: 'error',
  comment,
  from: { path: `^${part}/` },
  to: { path: never.map(path => `^${path}`) },
}))

/** How a module looks once resolved: a builtin by its name, a package under node_modules. */
const resolved = module => {
  const bare = `(${module.replace(/^\^/, '').replace(/\$$/, '')})`
  return [`^${bare}$`, `(^|/)node_modules/${bare}/`]
}

const doorRules = DOORS.flatMap(({ name, module, only, typesOnly = [], comment }) => {
  const from = [...only, ...typesOnly].map(path => `^${path}`)
  const rule = {
    name: `door-${name}`,
    severity: 'error',
    comment,
    from: { path: OURS, pathNot: [TESTS, ...from] },
    to: { path: resolved(module) },
  }
  if (typesOnly.length === 0) return [rule]
  return [
    rule,
    {
      ...rule,
      name: `door-${name}-types`,
      from: { path: typesOnly.map(path => `^${path}`) },
      to: { path: resolved(module), dependencyTypesNot: ['type-only', 'type-import'] },
    },
  ]
})

/** Helpers of test files alone. */
const IMPORTS_TAP = '^test/helpers/(store/project|store/round-trip|run-together)\\.ts$'

const KNOWN = [...Object.keys(LAYERS).map(anchored), '^(bin|scripts|bench|test)/', '^lib/README\\.md$']

module.exports = {
  forbidden: [
    ...layerRules,
    ...doorRules,
    ...partRules,
    {
      name: 'project-modules-in-workers',
      severity: 'error',
      comment: "User code never runs in the program's own process: ask lib/loader/client.",
      from: { path: OURS, pathNot: [TESTS, LOADS_PROJECT_MODULES] },
      to: { path: '^lib/loader/child/' },
    },
    {
      name: 'unknown-folder',
      severity: 'error',
      comment:
        'This folder has no row in the table of layers in .dependency-cruiser.cjs: decide what it may import.',
      from: {},
      to: { path: OURS, pathNot: KNOWN },
    },
    {
      name: 'unknown-folder-imports',
      severity: 'error',
      comment:
        'This folder has no row in the table of layers in .dependency-cruiser.cjs: decide what it may import.',
      from: { path: OURS, pathNot: KNOWN },
      to: {},
    },
    {
      name: 'nobody-imports-an-entry',
      severity: 'error',
      comment:
        'An entry starts a process when it is loaded: start it by its path (lib/core/process/entry-path.ts).',
      from: {},
      to: { path: '\\.entry\\.ts$' },
    },
    {
      name: 'product-imports-no-test',
      severity: 'error',
      comment: 'The product is shipped without its tests, benches and scripts.',
      from: { path: '^(lib|screens|bin)/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'programs-load-no-tap',
      severity: 'error',
      comment:
        'tap ends the process that imports it after 30 s. A long run takes stores from test/helpers/store/project-store.ts.',
      from: { path: '^test/(fault|bench)/.*\\.entry\\.ts$' },
      to: { path: IMPORTS_TAP, reachable: true },
    },
    {
      name: 'helpers-import-types-of-tap',
      severity: 'error',
      comment:
        'tap ends the process that imports it after 30 s. A helper or a fault run receives the test as an argument.',
      from: { path: '^test/(helpers|fault)/', pathNot: IMPORTS_TAP },
      to: { path: resolved('tap'), dependencyTypesNot: ['type-only', 'type-import'] },
    },
    {
      name: 'no-cycle',
      severity: 'error',
      comment:
        'Two modules that need each other are one, or lack a third: move what both need out. Types too.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphan',
      severity: 'error',
      comment: 'Nothing imports this and it imports nothing: delete it, or use it.',
      from: {
        orphan: true,
        path: '^(lib|screens)/',
        pathNot: ['\\.entry\\.ts$', '\\.d\\.ts$', '^lib/index\\.ts$'],
      },
      to: {},
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'This import leads nowhere: a wrong path, or a package missing from package.json.',
      from: { path: OURS },
      to: { couldNotResolve: true },
    },
    {
      name: 'shipped-dependencies',
      severity: 'error',
      comment:
        'What runs at the user is a dependency, not a development dependency: move it in package.json.',
      from: { path: '^(lib|screens|bin)/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only', 'type-import'],
        pathNot: BUNDLED.map(name => `(^|/)node_modules/${name}/`),
      },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.tap|bench/node_modules|test/fixtures/broken)/' },
    moduleSystems: ['es6'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.d.ts', '.json'],
    },
  },
}
