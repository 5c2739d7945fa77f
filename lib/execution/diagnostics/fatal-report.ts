/**
 * Lets Node write its diagnostic report where memory runs out: no handler of ours runs then. Without the environment, which may hold secrets, and without the
 * network, whose names are looked up at the worst of moments.
 */
export function reportFatalErrors(folder: string, stem: string): void {
  const { report } = process
  report.directory = folder
  report.filename = `${stem}.report.json`
  report.excludeEnv = true
  // Node has it, its types do not.
  Object.assign(report, { excludeNetwork: true })
  report.reportOnFatalError = true
}
