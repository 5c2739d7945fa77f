import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Clock } from '../core/time/clock.ts'
import { systemCode } from '../core/errors/errors.ts'
import type { Delivery } from '../model/notify/outbox-message.ts'
import type { TelegramSettings } from '../model/notify/notify-settings.ts'
import { httpRequest } from './http-request.ts'
import { partEnd } from './telegram-answer.ts'

/**
 * Checks the Telegram bot and its chat without sending a message, by requesting the chat
 * (https://core.telegram.org/bots/api#getchat). Never rejects.
 */
export async function probeTelegram(
  { apiRoot, token, chat }: TelegramSettings,
  deadlineMs: number,
  clock: Clock,
): Promise<Delivery> {
  const url = `${apiRoot}/bot${token}/getChat?chat_id=${encodeURIComponent(chat)}`
  const end = partEnd(await httpRequest({ url, method: 'GET' }, deadlineMs, clock), 0, false)
  if (end.status !== 'rephrase' && end.status !== 'no-photo') return end
  return { status: 'refused', why: end.why, refusal: 'message' }
}

/**
 * Checks that a server listens at an address, without a request that the server could take for a
 * message. Resolves with the reason of a failure, or null. Never rejects.
 */
export function probeAddress(address: string, deadlineMs: number): Promise<string | null> {
  const { protocol, hostname, port } = new URL(address)
  const host = hostname.replace(/^\[|\]$/g, '')
  const { promise, resolve } = Promise.withResolvers<string | null>()
  const socket =
    protocol === 'https:'
      ? connectTls({ host, port: Number(port || 443), servername: host, timeout: deadlineMs }, () =>
          resolve(null),
        )
      : connect({ host, port: Number(port || 80), timeout: deadlineMs }, () => resolve(null))
  socket.once('error', error => resolve(systemCode(error) ?? 'the connection failed'))
  socket.once('timeout', () => resolve(`no response within ${deadlineMs} ms`))
  return promise.finally(() => socket.destroy())
}
