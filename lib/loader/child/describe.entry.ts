import { answerDescriptions } from './answer.ts'

// The asker ends this process; without an asker there is nothing to answer.
process.once('disconnect', () => process.exit(0))
if (!process.connected) process.exit(0)
answerDescriptions()
