import t from 'tap'
import { othersThatRead, othersThatWrite, parseAcl } from '../../../lib/platform/windows/acl.ts'
import { privateArguments, savedText } from '../../../lib/platform/windows/read-acl.ts'
import { system32 } from '../../../lib/platform/windows/system32.ts'

const ME = 'S-1-5-21-1004336348-1177238915-682003330-1001'
const OTHER = 'S-1-5-21-1004336348-1177238915-682003330-1002'

function acl(sddl: string) {
  const parsed = parseAcl(sddl)
  if (parsed === undefined) throw new Error(`no list in ${sddl}`)
  return parsed
}

/** Output of `icacls /save`, with the name of each file and its access list. */
const SAVED = {
  /** A folder made in the root of a disk. */
  folderOnDrive: `shop\r\nD:AI(A;ID;FA;;;BA)(A;OICIIOID;GA;;;BA)(A;ID;FA;;;SY)(A;OICIIOID;GA;;;SY)(A;OICIID;0x1200a9;;;BU)(A;ID;0x1301bf;;;AU)(A;OICIIOID;SDGXGWGR;;;AU)\r\n`,
  fileOnDrive: `automate.config.ts\r\nD:AI(A;ID;FA;;;BA)(A;ID;FA;;;SY)(A;ID;0x1200a9;;;BU)(A;ID;0x1301bf;;;AU)\r\n`,
  inProfile: `shop\r\nD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIID;FA;;;${ME})\r\n`,
  closed: `data\r\nD:PAI(A;OICI;FA;;;${ME})(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)\r\n`,
} as const

t.test('every user may change a folder in the root of a disk; only its user one in a profile', async t => {
  t.strictSame(othersThatWrite(acl(SAVED.folderOnDrive), ME), ['Authenticated Users'])
  t.strictSame(othersThatRead(acl(SAVED.folderOnDrive), ME), ['Users', 'Authenticated Users'])
  t.strictSame(othersThatWrite(acl(SAVED.fileOnDrive), ME), ['Authenticated Users'])
  for (const sddl of [SAVED.inProfile, SAVED.closed]) {
    t.strictSame(othersThatRead(acl(sddl), ME), [])
    t.strictSame(othersThatWrite(acl(sddl), ME), [])
  }
  t.strictSame(othersThatWrite(acl(SAVED.inProfile), OTHER), [ME], 'the profile of another user')
})

t.test('finds every right that changes an object, in every notation', async t => {
  const writers = (ace: string) => othersThatWrite(acl(`x\r\nD:${ace}\r\n`), ME)
  for (const right of [
    'FA',
    'GA',
    'GW',
    'FW',
    'WD',
    'WO',
    'DC',
    'LC',
    'DT',
    'GRGW',
    '0x2',
    '0x1f01ff',
    'ZZ',
  ]) {
    t.strictSame(writers(`(A;;${right};;;${OTHER})`), [OTHER], right)
  }
  for (const right of ['FR', 'GR', 'FX', 'GRGX', '0x1200a9', 'RC', '0x120089']) {
    t.strictSame(writers(`(A;;${right};;;WD)`), [], right)
  }
  t.strictSame(writers(`(A;OICIIO;FA;;;${OTHER})`), [], 'only new children inherit it')
  t.strictSame(writers(`(D;;FA;;;${OTHER})`), [], 'a denial grants nothing')
  t.strictSame(writers(`(D;;FA;;;WD)(A;;FA;;;WD)`), ['Everyone'], 'a denial does not revoke a grant')
  t.strictSame(writers(`(A;;FA;;;S-1-5-80-956008885-3418522649)`), [], 'TrustedInstaller')
  t.strictSame(writers(`(A;;FA;;;S-1-5-21-1-2-3-512)(A;;FA;;;S-1-5-18)`), [], 'administrators')
})

t.test('a missing list grants everything, and a text without a list is no list', async t => {
  t.strictSame(othersThatWrite(acl('x\r\nD:NO_ACCESS_CONTROL\r\n'), ME), ['Everyone'])
  t.strictSame(acl('x\r\nD:P\r\n'), [], 'an empty list grants nothing')
  t.equal(parseAcl(''), undefined)
  t.equal(parseAcl('x\r\nO:BAG:SY\r\n'), undefined)
})

t.test('reads saved text in the encoding of Windows', async t => {
  t.equal(savedText(Buffer.from(`\ufeff${SAVED.closed}`, 'utf16le')).slice(1), SAVED.closed)
  t.equal(savedText(Buffer.from(SAVED.closed, 'utf16le')), SAVED.closed)
  t.equal(savedText(Buffer.from(SAVED.closed)), SAVED.closed)
})

t.test('makes a folder private to its user by SIDs, which are the same in every language', async t => {
  t.strictSame(privateArguments('D:\\shop\\data', ME), [
    'D:\\shop\\data',
    '/inheritance:r',
    '/grant:r',
    `*${ME}:(OI)(CI)F`,
    '*S-1-5-18:(OI)(CI)F',
    '*S-1-5-32-544:(OI)(CI)F',
    '/q',
  ])
})

t.test('names Windows programs by their full path', async t => {
  t.equal(system32('icacls.exe', { SystemRoot: 'D:\\Win' }), 'D:\\Win\\System32\\icacls.exe')
  t.equal(system32('taskkill.exe', {}), 'C:\\Windows\\System32\\taskkill.exe')
})
