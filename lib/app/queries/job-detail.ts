import { z } from 'zod'
import { systemClock } from '../../core/time/clock.ts'
import { redactJson, redactKnown } from '../../core/text/redact.ts'
import { CrashSummary } from '../../model/failure/crash.ts'
import { Job } from '../../model/job/job.ts'
import { JsonDocument } from '../../model/json.ts'
import { MemberRecord } from '../../model/job/member-record.ts'
import { excerptJson } from '../../report/excerpt-json.ts'
import { jobArtefacts } from '../../files/job-artefacts.ts'
import type { JobDetail } from '../port/lookup.ts'
import { jobRecords } from './job-records.ts'
import { waitsOf } from './job-waits.ts'
import type { Project } from '../project/project.ts'
import type { StoreCalls } from '../project/with-store.ts'

const Records = z.object({ job: Job, members: z.array(MemberRecord), crashes: z.array(CrashSummary) })

/** A job with what keeps it back and what it left, without secrets, and with as much of its input and result as a screen shows. Thrown with code `job-missing`. */
export async function jobDetail(project: Project, store: StoreCalls, id: number): Promise<JobDetail> {
  const records = await jobRecords(store, id)
  const { input, result } = records.job
  const job = { ...records.job, input: excerptJson(input), result: excerptJson(result) }
  const shown = Records.parse(redactJson(JsonDocument.parse({ ...records, job }), redactKnown))
  const { queuedAt, endedAt } = records.job
  const files = await jobArtefacts(project.paths, id, queuedAt, endedAt ?? systemClock.now())
  // The console has a scheduler, or says that it is gone.
  const waits = await waitsOf(project.paths, store, false, records.job)
  return { ...shown, waits, files }
}
