/**
 * Makes Node write its diagnostic report if memory runs out, because none of our handlers runs
 * then. The report excludes the environment, which may hold secrets, and the network, because the
 * lookups of its names would come at a bad moment.
 */
export function reportFatalErrors(folder: string, stem: string): void {
  const { report } = process
  report.directory = folder
  report.filename = `${stem}.report.json`
  report.excludeEnv = true
  // Node has the option, but its types do not.
  Object.assign(report, { excludeNetwork: true })
  report.reportOnFatalError = true
}
