import { answerDescriptions } from './answer.ts'

// The parent ends this process; without a parent there are no requests.
process.once('disconnect', () => process.exit(0))
if (!process.connected) process.exit(0)
answerDescriptions()
