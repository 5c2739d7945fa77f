import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { messageOf } from '../../../lib/core/errors/errors.ts'
import { knownSecrets } from '../../../lib/core/secrets/known-secrets.ts'
import { cutForRedaction } from '../../../lib/core/text/redact.ts'
import { sanitiseBlock, sanitiseLine } from '../../../lib/core/text/sanitise.ts'
import { lastOutputLines } from '../../../lib/control/machine/results/synthesize-crash.ts'
import { runCommand } from '../../../lib/execution/browser/find/run-command.ts'
import { findRootCause } from '../../../lib/execution/phases/root-cause.ts'
import { excerptJson } from '../../../lib/report/excerpt-json.ts'

const SECRET = 'canary-of-the-cut'
knownSecrets.add([SECRET])

/** Returns a text in which the secret crosses the limit. */
const across = (limit: number): string => `${'-'.repeat(limit - 9)}${SECRET}${'-'.repeat(limit)}`

/** All functions that cut a text before all of it is redacted. */
const cuts: Readonly<Record<string, () => unknown>> = {
  sanitiseLine: () => sanitiseLine(across(200), 200),
  sanitiseBlock: () => sanitiseBlock(across(200), 200),
  cutForRedaction: () => cutForRedaction(across(4_200), 200),
  'excerpt of a result': () => excerptJson({ list: [across(100_000)] }),
  'message of an open dialog': async () =>
    messageOf(
      await findRootCause(new Error('a call took too long'), {
        lost: new AbortController().signal,
        facts: undefined,
        dialog: { type: 'alert', message: across(80) },
        clock: systemClock,
      }),
    ),
}

for (const [name, cut] of Object.entries(cuts))
  t.test(`${name} ends with no part of a secret`, async t => {
    const text = knownSecrets.redact(JSON.stringify(await cut()))
    t.match(text, '---')
    t.notMatch(text, 'canary')
  })

t.test('the last output of a process begins with no part of a secret', async t => {
  const file = join(t.testdir(), 'w1.out')
  writeFileSync(file, `${'-'.repeat(5_000)}${SECRET}${'-'.repeat(64_000 - 9)}`)
  t.notMatch(lastOutputLines(file).join('\n'), 'the-cut')
})

t.test('the last output of a failed command begins with no part of a secret', async t => {
  const printing = `process.stderr.write('-'.repeat(900) + '${SECRET}' + '-'.repeat(391)); process.exit(3)`
  const failure = await runCommand(process.execPath, ['-e', printing], { totalMs: 120_000 }).catch(messageOf)
  t.match(failure, '---')
  t.notMatch(failure, 'the-cut')
})
