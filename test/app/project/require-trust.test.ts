import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { requireOwnAcl } from '../../../lib/app/project/require-trust.ts'
import { parseAcl } from '../../../lib/platform/windows/acl.ts'
import { ownersOf } from '../../../lib/platform/windows/read-acl.ts'
import { newFolder } from '../../helpers/store/project.ts'

const ME = 'S-1-5-21-1004336348-1177238915-682003330-1001'
const OTHER = 'S-1-5-21-1004336348-1177238915-682003330-1002'
const THIRD = 'S-1-5-21-1004336348-1177238915-682003330-1003'

/** A list as `icacls /save` writes it, of a folder in the profile of a user. */
const PRIVATE = `shop\r\nD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIID;FA;;;${ME})\r\n`
const OPEN = `shop\r\nD:AI(A;ID;FA;;;BA)(A;ID;FA;;;SY)(A;ID;0x1301bf;;;AU)\r\n`

/** Lines as PowerShell prints them for `(Get-Acl).Sddl`. */
const ownedBy = (owner: string) =>
  `O:${owner}G:S-1-5-21-1004336348-1177238915-682003330-513D:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIID;FA;;;${ME})`

/**
 * Checks the trust of a project on Windows, with these owners of its folder and its configuration.
 * `list` is the access list of each path.
 */
async function trust(
  owners: readonly string[],
  {
    list = PRIVATE,
    user = ME,
    isNamed = false,
    owner,
  }: { list?: string; user?: string; isNamed?: boolean; owner?: string } = {},
) {
  const root = newFolder()
  const file = join(root, 'automate.config.ts')
  writeFileSync(file, '')
  await requireOwnAcl(
    { root, paths: [file, join(root, '.env')], isNamed, owner },
    {
      currentSid: async () => (user === '' ? undefined : user),
      readAcl: async () => parseAcl(list),
      readOwners: async paths => ownersOf(`${owners.join('\r\n')}\r\n`, paths.length),
    },
  )
}

t.test('trusts on Windows a project of the user, of administrators or of Windows itself', async t => {
  for (const owner of [ME, 'BA', 'SY', 'LA', 'S-1-5-32-544', 'S-1-5-80-956008885-3418522649'])
    await t.resolves(trust([ownedBy(owner), ownedBy(ME)]), owner)
})

t.test('refuses on Windows a project of another owner, although its ACL names nobody else', async t => {
  const refused = {
    code: 'config-invalid',
    message: new RegExp(`belongs to ${OTHER}, but automate-tui runs as ${ME}.*--root.*AUTOMATE_TRUST=`),
  }
  await t.rejects(trust([ownedBy(OTHER), ownedBy(ME)]), refused)
  const notByRoot = new RegExp(`belongs to ${OTHER}, .* If you trust ${OTHER}, set AUTOMATE_TRUST=`)
  await t.rejects(
    trust([ownedBy(ME), ownedBy(OTHER)]),
    { message: notByRoot },
    'the owner of the configuration counts',
  )
  await t.rejects(trust([ownedBy('BU'), ownedBy(ME)]), { code: 'config-invalid' })
  await t.resolves(
    trust([ownedBy(OTHER), ownedBy(OTHER), ownedBy(OTHER)], { isNamed: true }),
    '--root trusts its owner',
  )
  await t.rejects(
    trust([ownedBy(ME), ownedBy(OTHER), ownedBy(ME)], { isNamed: true }),
    { message: notByRoot },
    '--root trusts no third user',
  )
  const consent = { isNamed: true, owner: OTHER }
  await t.resolves(trust([ownedBy(OTHER), ownedBy(ME)], consent), '--owner names that owner')
  await t.rejects(trust([ownedBy(THIRD), ownedBy(ME)], consent), { message: `belongs to ${THIRD}` })
  await t.rejects(trust([ownedBy(OTHER), ownedBy(ME)], { owner: OTHER }), {
    message: `belongs to ${OTHER}`,
  })
  await t.rejects(trust([ownedBy(ME), ownedBy(ME)], { list: OPEN, isNamed: true }), {
    message: /can be changed by Authenticated Users/,
  })
})

t.test('a refusal on Windows names all paths, with the commands that repair them', async t => {
  const own = [ownedBy(ME), ownedBy(ME)]
  await t.rejects(trust(own, { list: OPEN }), {
    message:
      /^\S+ can be changed by Authenticated Users, \S+automate\.config\.ts can be.* Run "icacls \S+ \/inheritance:r [^A]*" and "icacls "?\S+[*]"? \/reset \/t \/c \/q", set /,
  })
})

t.test('does not trust on Windows what cannot be read, and names the remedy', async t => {
  const unreadable = (what: RegExp) => ({
    code: 'config-invalid',
    message: new RegExp(`${what.source}.*not loaded\\. If no other user.*set AUTOMATE_TRUST=`),
  })
  const own = [ownedBy(ME), ownedBy(ME)]
  await t.rejects(trust(own, { list: 'Access is denied.' }), unreadable(/does not report who may change/))
  await t.rejects(trust(own, { list: 'x', isNamed: true }), unreadable(/does not report who may change/))
  await t.rejects(trust([ownedBy(ME), '']), unreadable(/does not report the owner of .*automate\.config\.ts/))
  await t.rejects(trust(['']), unreadable(/does not report the owner/))
  await t.rejects(trust(own, { user: '' }), unreadable(/does not report the account/))
})
