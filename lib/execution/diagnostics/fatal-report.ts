/**
 * Makes Node write its diagnostic report if memory runs out, because none of our handlers runs
 * then. The report excludes the environment, which may hold secrets, and the network, because Node
 * would look up host names at a moment when it is about to end.
 */
export function reportFatalErrors(folder: string, stem: string): void {
  const { report } = process
  report.directory = folder
  report.filename = `${stem}.report.json`
  report.excludeEnv = true
  // Node has this option, but its type definitions lack it.
  Object.assign(report, { excludeNetwork: true })
  report.reportOnFatalError = true
}
