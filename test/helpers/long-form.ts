/**
 * Name of the environment variable that makes `shortOrLong` return the long form.
 * test/all/long/repeated.test.ts sets it.
 */
export const LONG_FORM = 'LONG_TESTS'

/**
 * Returns `short` in `npm test` and `long` in `npm run test:long`. Use it for the number of
 * repetitions in a test that kills processes, provokes races or draws cases by seed.
 */
export function shortOrLong<T>(short: T, long: T): T {
  return process.env[LONG_FORM] === '1' ? long : short
}
