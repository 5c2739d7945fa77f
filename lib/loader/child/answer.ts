import { describeWorkflow } from '../../authoring/describe.ts'
import { errorToRecord } from '../../core/errors/errors.ts'
import { DescribeRequest } from '../../model/loader/loader-ipc.ts'
import type { DescribeReply } from '../../model/loader/loader-ipc.ts'
import { loadWorkflow } from './load-workflow.ts'
import { sanitiseRecord } from '../../model/failure/error-text.ts'

/**
 * Replies to requests over the fork channel, one at a time, until the channel closes. Sends `ready`
 * first.
 */
export function answerDescriptions(): void {
  const send = (reply: DescribeReply) => {
    process.send?.(reply)
  }
  process.on('message', message => {
    const request = DescribeRequest.safeParse(message)
    if (request.success) void describeFile(request.data).then(send)
  })
  send({ type: 'ready' })
}

async function describeFile({ file, token }: DescribeRequest): Promise<DescribeReply> {
  try {
    return { type: 'described', token, description: describeWorkflow(await loadWorkflow(file), file) }
  } catch (error) {
    return { type: 'broken', token, error: sanitiseRecord(errorToRecord(error)) }
  }
}
