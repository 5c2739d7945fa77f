/**
 * Remedies for a crash, by the code of its error; `other` for codes without a remedy of their own.
 */
export const remedies = {
  element:
    'The page does not show what the workflow looks for. Retry the job once; if it fails again, give the bundle (key b) to the author of the workflow.',
  navigate:
    'The page could not be opened. Check that the site works in your own browser, then retry the job.',
  'phase-timeout':
    'The phase took longer than its limit. Retry the job once; if it fails again, the site is slow or shows something unexpected: look at the picture.',
  proxy: 'The proxy did not work. Check the proxies with "automate-tui proxies", then retry the job.',
  'session-expired':
    'The login had expired. The next attempt logs in again; if that fails too, check the user name and the password.',
  'browser-launch': 'The browser did not start on this machine. Run "automate-tui doctor".',
  'browser-crash':
    'The browser stopped working, which happens when memory is short. Retry the job; if it happens often, use fewer workers.',
  'resource-limit':
    'A page took more memory or disk space than one job may. Retry the job once; if it fails again and the page needs so much, raise the limit that the message names.',
  'worker-exit':
    'The process of the worker ended, which happens when memory is short. Retry the job; if it fails again, give the bundle (key b) to the author of the workflow.',
  'result-invalid': 'The workflow returned a result that it does not allow. Tell the author of the workflow.',
  workflow: 'The workflow itself reports this failure. Its message says what happened on the site.',
  'hard-fail':
    'The workflow or a person has given this job up. Change what the message names before you retry the job.',
  'input-invalid': 'The input does not fit the workflow. Start a new job with another input.',
  'workflow-missing': 'The file of the workflow is not there. Put it back, then retry the job.',
  'workflow-invalid': 'The file of the workflow cannot be used. Tell the author of the workflow.',
  'wait-timeout': 'Nobody came in time, or another worker took too long. Retry the job.',
  deadline:
    'No result came in time. Retry the job once; if it fails again, give it more time or more workers.',
  unexpected:
    'The workflow failed in a way that it does not know. Retry the job once; if it fails again, give the bundle (key b) to the author of the workflow.',
  bug: 'This is a mistake of automate-tui. Report it with the bundle (key b).',
  other: 'Retry the job once; if it fails again, run "automate-tui doctor".',
}
