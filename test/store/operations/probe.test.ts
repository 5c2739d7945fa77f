import t from 'tap'
import { newProject, openTestStore } from '../../helpers/store/project.ts'

t.test('a probe writes without a notification, a new row or a larger database', async t => {
  const store = await openTestStore(t, newProject(), 'scheduler')
  const before = await store.call('store.info', {})
  const changes: (readonly string[])[] = []
  store.onChange(tables => changes.push(tables))
  for (let count = 0; count < 20; count += 1) await store.call('store.probe', {})
  const { sizeBytes, commits, revision, projectId } = await store.call('store.info', {})
  t.strictSame(
    { sizeBytes, commits, revision, projectId },
    {
      sizeBytes: before.sizeBytes,
      commits: before.commits,
      revision: before.revision,
      projectId: before.projectId,
    },
  )
  t.strictSame(changes, [])
})
