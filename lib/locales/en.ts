import { commandWords } from './en/commands.ts'
import { dialogWords } from './en/dialogs.ts'
import { didWords } from './en/did.ts'
import { doctorWords } from './en/doctor.ts'
import { factWords } from './en/facts.ts'
import { jobWords } from './en/job.ts'
import { keyWords } from './en/keys.ts'
import { listWords } from './en/lists.ts'
import { notifyWords } from './en/notify.ts'
import { plainWords } from './en/plain.ts'
import { problemsWords } from './en/problems.ts'
import { refusedWords } from './en/refused.ts'
import { remedies } from './en/remedies.ts'
import { reportWords } from './en/report.ts'
import { schedulesWords } from './en/schedules.ts'
import { terms } from './en/terms.ts'
import { waitWords } from './en/waits.ts'

/** English. It is the type of every catalogue: what is missing elsewhere does not compile. */
export const en = {
  ...terms,
  ...factWords,
  ...keyWords,
  ...refusedWords,
  ...didWords,
  ...dialogWords,
  ...plainWords,
  ...reportWords,
  ...commandWords,
  ...listWords,
  doctor: doctorWords,
  job: jobWords,
  notify: notifyWords,
  problems: problemsWords,
  remedies,
  schedules: schedulesWords,
  waits: waitWords,
}

export type Catalogue = typeof en
