import t from 'tap'
import { checkSandbox, missingSandbox } from '../../../../lib/execution/browser/launch/sandbox.ts'

t.test('a missing sandbox (root, or an argument) is a warning, or an error if it is required', async t => {
  const cases = [
    { isRoot: true, browserArgs: [], why: /runs as root/, remedy: /ordinary user/ },
    { isRoot: false, browserArgs: ['--mute-audio', '--no-sandbox'], why: /--no-sandbox/, remedy: /Remove/ },
  ]
  for (const { isRoot, browserArgs, why, remedy } of cases) {
    const warning = checkSandbox({ browserArgs, sandbox: 'auto' }, isRoot)
    t.match(warning, why)
    t.match(warning, remedy)
    t.match(warning, "sandbox: 'required'")
    t.throws(() => checkSandbox({ browserArgs, sandbox: 'required' }, isRoot), {
      code: 'environment-unfit',
      message: why,
    })
  }
})

t.test('an ordinary user has the sandbox, required or not', async t => {
  t.equal(missingSandbox({ browserArgs: ['--mute-audio'] }, false), undefined)
  for (const sandbox of ['auto', 'required'] as const) {
    t.equal(checkSandbox({ browserArgs: [], sandbox }, false), undefined)
  }
})
