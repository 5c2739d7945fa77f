import js from '@eslint/js'
import tseslint from 'typescript-eslint'
import { commentStyle } from './scripts/lint/comment-style.ts'

const noSleep = {
  selector: 'CallExpression[callee.name=/^(setTimeout|setInterval|sleep)$/]',
  message:
    'A test waits for a fact (a row, a file, a line, an exit), never for a while: see test/helpers/until.ts.',
}

const noProcessExit = {
  selector: "CallExpression[callee.object.name='process'][callee.property.name='exit']",
  message: 'Only an entry (*.entry.ts, bin/) decides how a process ends; throw or return instead.',
}

const noCast = {
  selector: "TSAsExpression:not([typeAnnotation.typeName.name='const'])",
  message: 'No cast: parse with a schema at the boundary, or narrow with a type guard.',
}

const noBareWrite = {
  selector: "CallExpression:matches([callee.name='writeSync'], [callee.property.name='writeSync'])",
  message:
    'A full disk takes a part of a write without an error: use writeAll of lib/core/disk/whole-file.ts.',
}

const noRecursiveMkdir = {
  selector:
    "CallExpression:matches([callee.name='mkdirSync'], [callee.name='mkdir']) Property[key.name='recursive']",
  message:
    'This loops without an end in a folder that takes none, such as /proc: use makeFolder of lib/core/disk/make-folder.ts.',
}

export default tseslint.config(
  {
    ignores: ['dist', '.tap', 'node_modules', 'test/fixtures/broken', 'test/bench/node_modules', '**/*.cjs'],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      'no-control-regex': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['{bin,lib,screens,scripts,test}/**/*.ts'],
    plugins: { prose: { rules: { 'comment-style': commentStyle } } },
    rules: { 'prose/comment-style': 'error' },
  },
  {
    files: ['lib/**/*.ts', 'screens/**/*.ts'],
    ignores: ['**/*.entry.ts'],
    rules: { 'no-restricted-syntax': ['error', noProcessExit, noCast, noBareWrite, noRecursiveMkdir] },
  },
  {
    files: ['**/*.entry.ts', 'bin/**/*.ts', 'scripts/**/*.ts'],
    rules: { 'no-console': 'off', 'no-restricted-syntax': ['error', noCast, noBareWrite] },
  },
  {
    files: ['lib/**/*.entry.ts', 'bin/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', noCast, noBareWrite, noRecursiveMkdir] },
  },
  // The one loop around it; what SQLite writes, which counts the bytes itself; and the loop that waits for a terminal.
  {
    files: [
      'lib/core/disk/whole-file.ts',
      'lib/store/engine/real-files.ts',
      'lib/platform/output/descriptor.ts',
    ],
    rules: { 'no-restricted-syntax': ['error', noProcessExit, noCast] },
  },
  // It is loaded before all other modules, whose code it caches, and imports none of them.
  {
    files: ['lib/core/process/compile-cache.ts'],
    rules: { 'no-restricted-syntax': ['error', noProcessExit, noCast, noBareWrite] },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', noSleep],
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/no-misused-promises': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  // Node's test runner waits for its tests itself.
  { files: ['templates/**/*.test.ts'], rules: { '@typescript-eslint/no-floating-promises': 'off' } },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
)
