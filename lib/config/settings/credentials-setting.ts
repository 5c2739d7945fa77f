import { z } from 'zod'
import { AutomateError } from '../../core/errors/errors.ts'
import { Origin } from '../../model/worker/worker-secrets.ts'
import type { SiteLogin } from '../../model/worker/worker-secrets.ts'
import { fromJsonText } from '../json-text.ts'

const Credential = z
  .strictObject({
    origin: Origin,
    username: z.string('must have a "username"'),
    password: z.string().optional(),
    /** Name of the variable, from the environment or `.env`, that contains the password. */
    passwordEnv: z.string().min(1).optional(),
  })
  .refine(({ password, passwordEnv }) => (password === undefined) !== (passwordEnv === undefined), {
    error: 'must have either "password" or "passwordEnv"',
  })

/** Schema of the logins for HTTP authentication, with one entry per origin. */
export const CredentialsSetting = z.union(
  [z.array(Credential), z.string().transform(fromJsonText).pipe(z.array(Credential))],
  {
    error: 'must be a list of { origin, username, password or passwordEnv }, as JSON in the environment',
  },
)
export type CredentialsSetting = z.output<typeof CredentialsSetting>

/**
 * Returns the credentials with their passwords.
 * @throws `config-invalid` if a variable is not set; the message names it.
 */
export function siteLogins(
  setting: CredentialsSetting,
  env: Readonly<Record<string, string | undefined>>,
): SiteLogin[] {
  return setting.map(({ origin, username, password, passwordEnv = '' }) => {
    const secret = password ?? env[passwordEnv]
    if (secret !== undefined) return { origin, username, password: secret }
    throw new AutomateError(
      'config-invalid',
      `"credentials" takes the password of ${origin} from the variable ${passwordEnv}, which is not set in the environment or in .env. Set it.`,
      { facts: { origin, passwordEnv } },
    )
  })
}
