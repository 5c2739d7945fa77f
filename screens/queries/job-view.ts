/** Pending requests about the open job. */
export interface JobView {
  /** Id of the job to open; null once it has been read. */
  readonly wanted: number | null
  readonly readAt: number
  /** True if the open job is to be reread. */
  readonly stale: boolean
}

export const NO_JOB: JobView = { wanted: null, readAt: 0, stale: false }
