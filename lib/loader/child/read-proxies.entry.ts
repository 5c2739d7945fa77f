import { answerProxies } from './answer-proxies.ts'

// The parent kills this process. If the parent is gone, no more requests can arrive.
process.once('disconnect', () => process.exit(0))
await answerProxies(process.argv[2] ?? '')
