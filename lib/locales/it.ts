import { commandWords } from './it/commands.ts'
import { dialogWords } from './it/dialogs.ts'
import { activityWords } from './it/activity.ts'
import { doctorWords } from './it/doctor.ts'
import { labelWords } from './it/labels.ts'
import { jobWords } from './it/job.ts'
import { keyWords } from './it/keys.ts'
import { listWords } from './it/lists.ts'
import { notifyWords } from './it/notify.ts'
import { headlessWords } from './it/headless.ts'
import { problemsWords } from './it/problems.ts'
import { unavailableWords } from './it/unavailable.ts'
import { remedies } from './it/remedies.ts'
import { reportWords } from './it/report.ts'
import { schedulesWords } from './it/schedules.ts'
import { enumWords } from './it/enums.ts'
import { waitWords } from './it/waits.ts'
import type { Catalogue } from './en.ts'

/** Italian catalogue. */
export const it: Catalogue = {
  ...enumWords,
  ...labelWords,
  ...keyWords,
  ...unavailableWords,
  ...activityWords,
  ...dialogWords,
  ...headlessWords,
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
