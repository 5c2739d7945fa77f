/** Use of the machine by processes. */
export interface ProcessTreeUsage {
  readonly bytes: number
  /** Processor time since their start, including that of their ended children. */
  readonly cpuMs: number
}
