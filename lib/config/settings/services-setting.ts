import { z } from 'zod'
import { ServiceDocument } from '../../model/worker/documents.ts'
import { fromJsonText } from '../json-text.ts'

const MUST =
  'must be an object such as { notifier: "stopped", "workflow-<name>": "running" }, as JSON in the environment'

const Wishes = z.record(ServiceDocument.shape.name, ServiceDocument.shape.desired)

/** Initial desired states of services, which apply until an operator changes them. */
export const ServicesSetting = z
  .custom<Readonly<Record<string, 'running' | 'stopped'>> | string>()
  .transform((value, context): z.output<typeof Wishes> => {
    const services = Wishes.safeParse(fromJsonText(value))
    if (services.success) return services.data
    context.addIssue({ code: 'custom', message: MUST })
    return z.NEVER
  })
