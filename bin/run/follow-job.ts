import { jobEnded } from '../../lib/domain/job.ts'
import { eventsBetween } from '../../screens/plain/events.ts'
import type { PlainEvent } from '../../screens/plain/plain-event.ts'
import type { Snapshot } from '../../screens/snapshot.ts'

export interface JobListeners {
  /** Receives what concerns the job. */
  readonly event: (event: PlainEvent) => void
  readonly snapshot: (snapshot: Snapshot) => void
}

interface Source {
  readonly current: Snapshot
  subscribe(listener: (snapshot: Snapshot) => void): () => void
}

/** `lost`: the scheduler ended before the job. `scoped`: the scheduler was the process of a "run", for its job alone. */
export type JobEnd = { readonly end: 'ended' } | { readonly end: 'lost'; readonly scoped: boolean }

/** Resolves when the job has ended or is parked, or when the scheduler has ended. */
export function followJob(source: Source, id: number, listeners: JobListeners): Promise<JobEnd> {
  return new Promise(resolve => {
    let last = source.current
    let scoped = false
    const unsubscribe = source.subscribe(snapshot => {
      for (const event of eventsBetween(last, snapshot))
        if ('job' in event && event.job === id) listeners.event(event)
      listeners.snapshot(snapshot)
      last = snapshot
      scoped = snapshot.scheduler === null ? scoped : snapshot.scheduler.scope !== undefined
      const job = snapshot.jobs.find(one => one.id === id)
      const ended = job !== undefined && (jobEnded(job.state) || job.state === 'parked')
      if (!ended && snapshot.connection !== 'lost') return
      unsubscribe()
      resolve(ended ? { end: 'ended' } : { end: 'lost', scoped })
    })
  })
}
