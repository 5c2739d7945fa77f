import { answerConfig } from './answer-config.ts'

// The parent kills this process. If the parent is gone, no more requests can arrive.
process.once('disconnect', () => process.exit(0))
await answerConfig(process.argv[2] ?? '')
