import { answerDescriptions } from './answer.ts'

// The parent kills this process. If the parent is gone, no more requests can arrive.
process.once('disconnect', () => process.exit(0))
if (!process.connected) process.exit(0)
answerDescriptions()
