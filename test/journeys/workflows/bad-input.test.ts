import t from 'tap'
import { feedBadInput } from '../../fault/bad-input.ts'
import { chosenSeed } from '../../fault/random.ts'
import { newFolder } from '../../helpers/store/project.ts'

t.test('every boundary refuses invalid input with a reason, and other jobs run', async t => {
  const seed = chosenSeed()
  t.comment(`seed ${seed}`)
  const problems = await feedBadInput(t, {
    seed,
    tries: 60,
    root: newFolder(),
    say: line => t.comment(line),
  })
  t.strictSame(problems, [])
})
