import { commandWords } from './en/commands.ts'
import { dialogWords } from './en/dialogs.ts'
import { activityWords } from './en/activity.ts'
import { doctorWords } from './en/doctor.ts'
import { labelWords } from './en/labels.ts'
import { jobWords } from './en/job.ts'
import { keyWords } from './en/keys.ts'
import { listWords } from './en/lists.ts'
import { notifyWords } from './en/notify.ts'
import { headlessWords } from './en/headless.ts'
import { problemsWords } from './en/problems.ts'
import { unavailableWords } from './en/unavailable.ts'
import { remedies } from './en/remedies.ts'
import { reportWords } from './en/report.ts'
import { schedulesWords } from './en/schedules.ts'
import { enumWords } from './en/enums.ts'
import { waitWords } from './en/waits.ts'

/**
 * English catalogue. Its type is the type of every catalogue, so that a catalogue with a missing
 * text does not compile.
 */
export const en = {
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

export type Catalogue = typeof en
