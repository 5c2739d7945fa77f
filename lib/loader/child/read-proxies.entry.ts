import { answerProxies } from './answer-proxies.ts'

// The asker ends this process; without an asker there is nothing to answer.
process.once('disconnect', () => process.exit(0))
await answerProxies(process.argv[2] ?? '')
