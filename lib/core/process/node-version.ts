/** Mouse and bracketed paste on native Windows, and running TypeScript as it is, need this version of Node: major and minor. */
export const MIN_NODE = [22, 22] as const

/** Tells whether a version such as `24.21.0` will do. */
export function isNodeNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1])
}
