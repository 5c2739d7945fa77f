/** What is wanted of the job that is read. */
export interface JobView {
  /** The job that is to be opened, until it has been read. */
  readonly wanted: number | null
  readonly readAt: number
  /** Whether what is shown of it is to be read again. */
  readonly stale: boolean
}

export const NO_JOB: JobView = { wanted: null, readAt: 0, stale: false }
