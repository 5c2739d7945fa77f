import type { ConnectionTransport, Protocol } from 'puppeteer'
import { z } from 'zod'
import type { Answer, Challenge, ChallengeAnswers } from './answer-challenge.ts'

/**
 * Beginnings of the CDP messages for a challenge and for its response. Chrome and puppeteer write
 * the method first.
 */
const CHALLENGE = '{"method":"Fetch.authRequired"'
const ANSWER = '{"method":"Fetch.continueWithAuth"'

const AuthRequired = z.object({
  sessionId: z.string(),
  params: z.object({
    requestId: z.string(),
    authChallenge: z.object({ source: z.enum(['Proxy', 'Server']).default('Server'), origin: z.string() }),
  }),
})

const ContinueWithAuth = z.looseObject({
  sessionId: z.string(),
  params: z.object({ requestId: z.string(), authChallengeResponse: z.looseObject({ response: z.string() }) }),
})

/**
 * Wraps a CDP transport and fills in the credentials if a CDP session replies "Default" to a
 * challenge, which means that the session has none. This covers every interceptor: the guard, and
 * also puppeteer for a workflow that uses `page.setRequestInterception`. In that case, Chrome sends
 * the challenge to puppeteer first.
 */
export function authTransport(
  inner: ConnectionTransport,
  answers: ChallengeAnswers,
  onAnswer: (challenge: Challenge, answer: Answer) => void,
): ConnectionTransport {
  const open = new Map<string, Challenge>()

  const onMessage = (message: string) => {
    const { sessionId, params } = AuthRequired.parse(JSON.parse(message))
    const request = `${sessionId} ${params.requestId}`
    open.set(request, { request, ...params.authChallenge })
  }
  const fillIn = (message: string): string => {
    const command = ContinueWithAuth.parse(JSON.parse(message))
    const { requestId, authChallengeResponse } = command.params
    const request = `${command.sessionId} ${requestId}`
    const challenge = open.get(request)
    open.delete(request)
    if (challenge === undefined || authChallengeResponse.response !== 'Default') return message
    const answer = answers.answer(challenge)
    onAnswer(challenge, answer)
    return JSON.stringify({ ...command, params: { requestId, authChallengeResponse: toProtocol(answer) } })
  }

  const transport: ConnectionTransport = {
    send: message => inner.send(message.startsWith(ANSWER) ? fillIn(message) : message),
    close: () => inner.close(),
  }
  inner.onmessage = message => {
    if (message.startsWith(CHALLENGE)) onMessage(message)
    transport.onmessage?.(message)
  }
  inner.onclose = () => transport.onclose?.()
  return transport
}

function toProtocol(answer: Answer): Protocol.Fetch.AuthChallengeResponse {
  if (answer.type === 'leave') return { response: 'Default' }
  if (answer.type === 'refused') return { response: 'CancelAuth' }
  const { username, password } = answer.login
  return { response: 'ProvideCredentials', username, password }
}
