import { answerProxies } from './answer-proxies.ts'

// The parent ends this process; without a parent there are no requests.
process.once('disconnect', () => process.exit(0))
await answerProxies(process.argv[2] ?? '')
