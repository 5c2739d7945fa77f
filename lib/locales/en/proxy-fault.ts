/** Reasons why a proxy does not work. */
export const proxyFault = {
  refuses: 'refuses its user name and password (407): correct them in "proxies"',
  'no-login': 'asks for a user name and a password (407), and "proxies" has none for it',
  'not-admitted': 'does not admit this machine without a user name and a password',
  'hangs-up': 'closed the connection',
  silent: (time: string) => `did not answer within ${time}`,
  unreachable: (why: string) => `cannot be reached (${why})`,
  answered: (status: number, host: string) => `answered ${status} for ${host}`,
  malformed: (host: string) => `passed on an incomplete or malformed response for ${host}`,
}
