import { AutomateError } from '../../core/errors/errors.ts'
import { findWorkflow } from './job-input.ts'
import type { Project } from '../project/project.ts'
import { ServiceDocument } from '../../model/worker/documents.ts'
import { withStore } from '../project/with-store.ts'

/** Services that every project has. */
const BUILT_IN: readonly string[] = ['cron', 'janitor', 'notifier', 'scheduler']

const OF_WORKFLOW = 'workflow-'

export type ServiceWish = 'start' | 'stop' | 'restart'

/**
 * Stores a person's wish to start, stop or restart a service. The store knows a service once a
 * scheduler has run with it. Before that, the configuration and the workflows name the services, so
 * that one can be stopped before its first start.
 * @throws `usage` if there is no service of that name.
 * @throws the errors of `findWorkflow`.
 */
export async function wishService(project: Project, name: string, wish: ServiceWish): Promise<void> {
  const isName = ServiceDocument.shape.name.safeParse(name).success
  if (isName && (await withStore(project, store => store.call('services.wish', { name, wish }))).known) return
  if (!(await isService(project, name)))
    throw new AutomateError(
      'usage',
      `There is no service "${name}". "automate-tui services" lists them. Before the first start of a scheduler, they are ${BUILT_IN.join(', ')}, and ${OF_WORKFLOW}<name> for each continuous workflow.`,
    )
  await withStore(project, async store => {
    await store.call('services.declare', { name, desired: wish === 'stop' ? 'stopped' : 'running' })
    await store.call('services.wish', { name, wish })
  })
}

async function isService(project: Project, name: string): Promise<boolean> {
  if (BUILT_IN.includes(name)) return true
  if (name === 'heartbeat') return project.notify().heartbeat !== null
  if (!name.startsWith(OF_WORKFLOW)) return false
  return (await findWorkflow(project, name.slice(OF_WORKFLOW.length))).continuous
}
