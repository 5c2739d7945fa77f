/**
 * Remedies for a crash, by the code of its error; `other` for codes without a remedy of their own.
 */
export const remedies = {
  element:
    'The page does not show the element that the workflow looks for. Retry the job once; if it fails again, give the bundle (key b) to the author of the workflow.',
  navigate:
    'The page could not be opened. Check that the site works in your own browser, then retry the job.',
  'phase-timeout':
    'The phase took longer than its limit. Retry the job once; if it fails again, the site is slow or shows something unexpected: look at the picture.',
  proxy: 'The proxy did not work. Check the proxies with "automate-tui proxies", then retry the job.',
  'session-expired':
    'The login has expired. The next attempt logs in again; if it fails too, check the user name and the password.',
  'browser-launch': 'The browser did not start on this machine. Run "automate-tui doctor".',
  'browser-crash':
    'The browser stopped working, which happens when memory is short. Retry the job; if it happens often, use fewer workers.',
  'resource-limit':
    'A page used more memory or disk space than one job may use. Retry the job once; if it fails again and the page needs that much, raise the limit named in the message.',
  'worker-exit':
    'The process of the worker ended, which happens when memory is short. Retry the job; if it fails again, give the bundle (key b) to the author of the workflow.',
  'result-invalid':
    'The workflow returned a result that its own schema does not allow. Report this to the author of the workflow.',
  workflow: 'The workflow itself reports this failure. Its message says what happened on the site.',
  'hard-fail':
    'The workflow or a person ended this job for good. Fix the problem named in the message before you retry the job.',
  'input-invalid': 'The input does not fit the workflow. Start a new job with another input.',
  'workflow-missing': 'The file of the workflow is missing. Restore it, then retry the job.',
  'workflow-invalid': 'The file of the workflow cannot be used. Report this to the author of the workflow.',
  'wait-timeout': 'No person responded in time, or another worker took too long. Retry the job.',
  deadline:
    'No result came in time. Retry the job once; if it fails again, give it more time or more workers.',
  unexpected:
    'The workflow failed with an unexpected error. Retry the job once; if it fails again, give the bundle (key b) to the author of the workflow.',
  bug: 'This is a bug in automate-tui. Report it with the bundle (key b).',
  other: 'Retry the job once; if it fails again, run "automate-tui doctor".',
}
