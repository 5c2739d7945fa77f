import { z } from 'zod'
import { ANY_PROXY, PROXY_ROTATIONS } from '../../model/proxy/proxy.ts'
import type { ProxyPolicy } from '../../model/proxy/proxy.ts'

const MUST = 'must be true, false, "required", or { required?, rotation?, stickyBy? }'

/** Proxy option of a workflow, as its author writes it. */
export const ProxyOption = z.union(
  [
    z.boolean(),
    z.literal('required'),
    z.strictObject({
      /** True to fail the job if the project has no proxies. Default false. */
      required: z.boolean().optional(),
      /** Rotation for this workflow, in place of the project's `proxyRotation`. */
      rotation: z.enum(PROXY_ROTATIONS).optional(),
      /**
       * Name of a field of the input. Jobs with the same value in that field get the same proxy.
       * Without a `rotation`, the rotation is then `sticky`.
       */
      stickyBy: z.string().min(1).optional(),
    }),
  ],
  { error: MUST },
)
export type ProxyOption = z.infer<typeof ProxyOption>

export function proxyPolicy(option: ProxyOption): ProxyPolicy {
  if (typeof option === 'boolean') return { ...ANY_PROXY, use: option ? 'pool' : 'never' }
  if (option === 'required') return { ...ANY_PROXY, use: 'required' }
  const { required = false, stickyBy = null } = option
  return {
    use: required ? 'required' : 'pool',
    rotation: option.rotation ?? (stickyBy === null ? null : 'sticky'),
    stickyBy,
  }
}
