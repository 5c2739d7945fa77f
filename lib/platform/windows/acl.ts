/**
 * Windows access control lists in SDDL, the format in which `icacls <path> /save <file>` writes
 * them.
 */

/** Entry of an access control list that allows access to the object itself. */
export interface AllowEntry {
  /** A SID (`S-1-5-…`) or its SDDL abbreviation (`BU`). */
  readonly account: string
  readonly mask: number
}

const SYNCHRONISE = 0x100000
const READ_DATA = 0x1
const WRITE_DATA = 0x2
/** Right to create folders in a folder. */
const APPEND_DATA = 0x4
const DELETE_CHILD = 0x40
const DELETE = 0x10000
const READ_CONTROL = 0x20000
const WRITE_DAC = 0x40000
const WRITE_OWNER = 0x80000
const GENERIC_ALL = 0x10000000
const GENERIC_EXECUTE = 0x20000000
const GENERIC_WRITE = 0x40000000
const GENERIC_READ = 0x80000000

const FULL = 0x1f01ff
const READ = 0x120089
const WRITE = 0x120116
const EXECUTE = 0x1200a0

/** Rights with which an account can change or replace an object, or grant itself such a right. */
const CHANGES = [WRITE_DATA, APPEND_DATA, DELETE_CHILD, WRITE_DAC, WRITE_OWNER, GENERIC_WRITE, GENERIC_ALL]
const READS = [READ_DATA, GENERIC_READ, GENERIC_ALL]

/** Access rights by their SDDL abbreviations. */
const RIGHTS = new Map([
  ['FA', FULL],
  ['FR', READ],
  ['FW', WRITE],
  ['FX', EXECUTE],
  ['GA', GENERIC_ALL],
  ['GR', GENERIC_READ],
  ['GW', GENERIC_WRITE],
  ['GX', GENERIC_EXECUTE],
  ['SD', DELETE],
  ['RC', READ_CONTROL],
  ['WD', WRITE_DAC],
  ['WO', WRITE_OWNER],
  ['CC', READ_DATA],
  ['DC', WRITE_DATA],
  ['LC', APPEND_DATA],
  ['SW', 0x8],
  ['RP', 0x10],
  ['WP', 0x20],
  ['DT', DELETE_CHILD],
  ['LO', 0x80],
  ['CR', 0x100],
  ['SY', SYNCHRONISE],
])

/**
 * SDDL abbreviations of SYSTEM, Administrators, the creator or owner of the object, the local
 * administrator, and the administrators of the domain.
 */
const ADMINISTRATORS = new Set([
  'SY',
  'BA',
  'CO',
  'OW',
  'LA',
  'DA',
  'EA',
  'S-1-5-18',
  'S-1-5-32-544',
  'S-1-3-0',
  'S-1-3-4',
])
/** Prefix of the SIDs of Windows' own services, such as TrustedInstaller. */
const SERVICE = 'S-1-5-80-'
/**
 * Matches the full SIDs of the local administrator, and of the administrators of the domain and the
 * enterprise.
 */
const ADMINISTRATOR_SID = /^S-1-5-21-[\d-]+-(?:500|512|519)$/

const EVERYONE: AllowEntry = { account: 'WD', mask: GENERIC_ALL }

const OWNER = /^O:(S-1-[\d-]+|[A-Z]{2})/

const DACL = /D:([A-Z_]*)((?:\([^()]*\))*)/
const ENTRY = /\(([^();]*);([^();]*);([^();]*);[^();]*;[^();]*;([^();]*)[^()]*\)/g

/**
 * Parses the DACL of an object; undefined if `sddl` has none. Entries that deny access are ignored,
 * so that an object never counts as more private than it is. Entries that only affect new children
 * are ignored too.
 */
export function parseAcl(sddl: string): readonly AllowEntry[] | undefined {
  const found = DACL.exec(sddl)
  if (found === null) return undefined
  const [, flags = '', entries = ''] = found
  // An object without an access control list gives everyone full access.
  if (flags.includes('NO_ACCESS_CONTROL')) return [EVERYONE]
  return [...entries.matchAll(ENTRY)].flatMap(([, type = '', inheritance = '', rights = '', account = '']) =>
    (type === 'A' || type === 'XA') && !pairsOf(inheritance).includes('IO')
      ? [{ account, mask: maskOf(rights) }]
      : [],
  )
}

/**
 * Returns the owner of an object, as a SID or its SDDL abbreviation; undefined if `sddl` names
 * none.
 */
export const parseOwner = (sddl: string): string | undefined => OWNER.exec(sddl)?.[1]

/**
 * True if an owner is `user` (a SID), an administrator or Windows itself. None of these needs to
 * tamper with a file in order to act as `user`.
 */
export const isTrustedOwner = (owner: string, user: string): boolean =>
  owner === user || isAdministrator(owner)

/**
 * Returns the accounts that may change the object, other than `user` (a SID) and the
 * administrators.
 */
export function othersThatWrite(acl: readonly AllowEntry[], user: string): string[] {
  return othersWith(CHANGES, acl, user)
}

/**
 * Returns the accounts that may read the object, other than `user` (a SID) and the administrators.
 */
export function othersThatRead(acl: readonly AllowEntry[], user: string): string[] {
  return othersWith(READS, acl, user)
}

function othersWith(rights: readonly number[], acl: readonly AllowEntry[], user: string): string[] {
  const others = acl.filter(
    ({ account, mask }) =>
      account !== user && !isAdministrator(account) && rights.some(right => (mask & right) !== 0),
  )
  return [...new Set(others.map(({ account }) => nameOf(account)))]
}

const isAdministrator = (account: string): boolean =>
  ADMINISTRATORS.has(account) || account.startsWith(SERVICE) || ADMINISTRATOR_SID.test(account)

function maskOf(rights: string): number {
  if (/^(0x|\d)/i.test(rights)) return Number(rights)
  // An unknown abbreviation counts as full access.
  return pairsOf(rights).reduce((mask, right) => mask | (RIGHTS.get(right) ?? FULL), 0)
}

const pairsOf = (text: string): string[] => text.match(/.{1,2}/g) ?? []

/**
 * English names of well-known accounts. The names that Windows itself returns depend on its
 * language.
 */
const NAMES = new Map([
  ['WD', 'Everyone'],
  ['AU', 'Authenticated Users'],
  ['BU', 'Users'],
  ['BG', 'Guests'],
  ['IU', 'Interactive'],
  ['AN', 'Anonymous'],
  ['PU', 'Power Users'],
  ['DU', 'Domain Users'],
])

const nameOf = (account: string): string => NAMES.get(account) ?? account
