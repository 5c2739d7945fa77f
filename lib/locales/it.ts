import { commandWords } from './it/commands.ts'
import { dialogWords } from './it/dialogs.ts'
import { didWords } from './it/did.ts'
import { doctorWords } from './it/doctor.ts'
import { factWords } from './it/facts.ts'
import { jobWords } from './it/job.ts'
import { keyWords } from './it/keys.ts'
import { listWords } from './it/lists.ts'
import { notifyWords } from './it/notify.ts'
import { plainWords } from './it/plain.ts'
import { problemsWords } from './it/problems.ts'
import { refusedWords } from './it/refused.ts'
import { remedies } from './it/remedies.ts'
import { reportWords } from './it/report.ts'
import { schedulesWords } from './it/schedules.ts'
import { terms } from './it/terms.ts'
import { waitWords } from './it/waits.ts'
import type { Catalogue } from './en.ts'

/** Italian. */
export const it: Catalogue = {
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
