import { answerConfig } from './answer-config.ts'

// The parent ends this process; without a parent there are no requests.
process.once('disconnect', () => process.exit(0))
await answerConfig(process.argv[2] ?? '')
