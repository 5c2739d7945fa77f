import process from 'node:process'
import { z } from 'zod'
import { openOurs } from '../ours/store.ts'
import { serveIncrements } from './serve-increments.ts'

const [root, increments] = z.tuple([z.string(), z.coerce.number()]).parse(process.argv.slice(2))
const store = await openOurs(root, 'client')

serveIncrements(increments, {
  increment: async () => {
    await store.call('counters.increment', { name: 'bench' })
  },
  close: () => store.close(),
})
