import t from 'tap'
import { errorToRecord } from '../../lib/core/errors/errors.ts'
import type { ErrorRecord } from '../../lib/core/errors/errors.ts'
import { redactAddresses, redactJson, redactText, redactorOf } from '../../lib/core/text/redact.ts'
import { sanitiseBlock, sanitiseLine } from '../../lib/core/text/sanitise.ts'
import { rootCauseOf } from '../../lib/model/failure/root-cause.ts'
import {
  authorFrame,
  authorStack,
  isMadeByLibrary,
  isThrownByPage,
} from '../../lib/model/failure/stack-frame.ts'
import { publicAddress, sanitiseRecord, withoutSecrets } from '../../lib/model/failure/error-text.ts'
import { growsLinearly } from '../helpers/processes/cpu-growth.ts'

const recordOf = (text: string): ErrorRecord => ({
  ...errorToRecord(new Error(text)),
  ...{ name: text, stack: text, facts: { text } },
})

/** All readers of text from a page, a library or another program. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  redactAddresses,
  redactText,
  redactorOf: redactorOf(['hunter2', 'a-b-a-b']),
  redactJson: text => redactJson({ text, list: [text] }, redactText),
  withoutSecrets: text => withoutSecrets(text, Infinity),
  publicAddress,
  sanitiseRecord: text => sanitiseRecord(recordOf(text)),
  sanitiseLine: text => sanitiseLine(text, Infinity),
  sanitiseBlock: text => sanitiseBlock(text, Infinity),
  causeOf: text => rootCauseOf({ error: recordOf(text), phase: null, workflow: 'w' }),
  authorFrame: text => authorFrame(text),
  authorStack: text => authorStack(text, 'x'),
  isThrownByPage: text => isThrownByPage(text, 'x'),
  isMadeByLibrary: text => isMadeByLibrary(text, 'x'),
}

/** Texts that begin a match of the readers and repeat without the end of a match. */
const pumps = [
  ...['http://', 'https://a', '://a', 'a://', 'http://a@', '?a=', '&sid', '&sid=', 'a%', '#', '@', '/', '?'],
  ...[
    'eyJaaaaaa-',
    'eyJaaaaaa.',
    'eyJ',
    'Bearer ',
    'Basic',
    'token',
    'token ',
    'token: ',
    'a-',
    'sid',
    'sid-',
  ],
  ...['Error-', 'Error', '-', 'a', 'a ', '0', 'f0-', 'f-', ':1', ':1:1', '"', '\\', "'", '.', '[', '{'],
  ...[
    ' ',
    '\t',
    '\n',
    '\r',
    '\r\n',
    '\n ',
    '\n\tpptr:',
    'pptr:',
    '\u2028',
    '\u001b',
    '\u001b[',
    '\u001b]',
    '\u001b[1;',
  ],
  ...[
    'at ',
    '\nat ',
    '( at ',
    ', <anonymous>:1:1',
    ', <anonymous>:1:1)',
    '(/a',
    ' (/a:1:1',
    '(file:///a?b:1:1)',
  ],
  ...['\ufeff', '\ud800', 'è', '👩‍👩‍👧'],
]

for (const [name, read] of Object.entries(readers))
  t.test(`${name} takes time in proportion to any text`, async t => {
    t.strictSame(
      pumps.filter(pump => !growsLinearly(read, pump)),
      [],
    )
  })
