import { answerConfig } from './answer-config.ts'

// The asker ends this process; without an asker there is nothing to answer.
process.once('disconnect', () => process.exit(0))
await answerConfig(process.argv[2] ?? '')
