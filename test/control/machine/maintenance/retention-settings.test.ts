import { writeFileSync } from 'node:fs'
import t from 'tap'
import { retentionSettings } from '../../../../lib/control/machine/maintenance/retention-settings.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'
import { newProject } from '../../../helpers/store/project.ts'

const WHOLE = {
  keepJobsMs: 90,
  keepLogsMs: 30,
  logsLimitBytes: 1_000,
  tracesLimitBytes: 200,
  keepBackups: 7,
}
const scope = { from: 1, also: [] }

t.test('the scheduler of one job keeps what it and the last scheduler of the project keep', t => {
  const paths = newProject()
  const log = new RecordingLog()
  const scoped = { paths, log, scope }
  const own = { ...WHOLE, keepJobsMs: 1, keepLogsMs: 60, logsLimitBytes: 10, keepBackups: 1 }
  t.strictSame(retentionSettings(scoped, own), own, 'its own settings if no scheduler has ever run')
  t.strictSame(retentionSettings({ paths, log }, WHOLE), WHOLE)
  t.strictSame(retentionSettings(scoped, own), { ...WHOLE, keepLogsMs: 60 })
  t.equal(retentionSettings(scoped, { ...own, keepBackups: 0 }).keepBackups, 0, 'it makes no backups')
  t.strictSame(retentionSettings({ paths, log }, own), own, 'the next scheduler uses its own settings')
  t.strictSame(log.lines, [])
  writeFileSync(paths.retention, '{')
  const everything = retentionSettings(scoped, own)
  t.ok(
    Object.values(everything).every(amount => amount === Infinity),
    'it removes nothing without them',
  )
  t.equal(retentionSettings(scoped, { ...own, keepBackups: 0 }).keepBackups, 0)
  t.match(log.lines, [/retention\.json/, /retention\.json/])
  t.end()
})
