/**
 * Minimum version of Node, as major and minor. It supports mouse input and bracketed paste in the
 * native Windows console, and runs TypeScript without a build.
 */
export const MIN_NODE = [22, 22] as const

/** True if a version such as `24.21.0` is new enough. */
export function isNodeNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1])
}
