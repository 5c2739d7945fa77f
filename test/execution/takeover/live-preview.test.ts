import t from 'tap'
import { downscale } from '../../../lib/execution/takeover/live-preview.ts'

t.test('shrinks a picture to its space, each pixel the mean of its part', async t => {
  const data = [0, 0, 0, 255, 100, 0, 0, 255, 0, 0, 200, 255, 100, 0, 200, 255]
  const small = downscale({ width: 2, height: 2, channels: 4, data }, 1, 9)
  t.same([small.width, small.height, ...small.rgb], [1, 1, 50, 0, 100])
  const grey = downscale({ width: 4, height: 1, channels: 1, data: [0, 10, 20, 30] }, 2, 2)
  t.same([grey.width, grey.height, ...grey.rgb], [2, 1, 5, 5, 5, 25, 25, 25])
  const same = downscale({ width: 1, height: 1, channels: 3, data: [1, 2, 3] }, 80, 40)
  t.same([same.width, same.height, ...same.rgb], [1, 1, 1, 2, 3], 'a picture is never enlarged')
})
