/** Memory and processor time that a process tree uses. */
export interface ProcessTreeUsage {
  readonly bytes: number
  /**
   * Processor time in milliseconds since the start of each process, including its ended children.
   */
  readonly cpuMs: number
}
