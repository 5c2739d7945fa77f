/** What processes use of the machine. */
export interface ProcessTreeUsage {
  readonly bytes: number
  /** Processor time since they began, with that of their children that have ended. */
  readonly cpuMs: number
}
