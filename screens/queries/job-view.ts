/** Requests about the job that is open. */
export interface JobView {
  /** Job to open, until it has been read. */
  readonly wanted: number | null
  readonly readAt: number
  /** True if the open job is to be reread. */
  readonly stale: boolean
}

export const NO_JOB: JobView = { wanted: null, readAt: 0, stale: false }
