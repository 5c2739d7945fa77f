import { systemClock } from '../../lib/core/time/clock.ts'
import { newId } from '../../lib/core/ids.ts'
import type { Notification } from '../../lib/model/notify/notification.ts'
import { channelsOfProject } from '../../lib/app/project/project-channels.ts'
import type { Project } from '../../lib/app/project/project.ts'

/**
 * Sends a notification on every channel without the queue, because the store may be closed or may
 * have failed to open.
 */
export async function notifyDirectly(project: Project, notice: Notification): Promise<void> {
  const at = systemClock.now()
  const message = { id: newId(at), notice, queuedAt: at, partsDone: 0, uncertain: false }
  const { signal } = new AbortController()
  await Promise.all(channelsOfProject(project).map(channel => channel.send(message, signal)))
}
