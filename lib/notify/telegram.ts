import { basename } from 'node:path'
import { Blob, FormData } from 'node-fetch'
import type { BodyInit } from 'node-fetch'
import type { Clock } from '../core/time/clock.ts'
import type { Delivery } from '../model/notify/outbox-message.ts'
import type { Notification } from '../model/notify/notification.ts'
import type { TelegramSettings } from '../model/notify/notify-settings.ts'
import type { Channel } from './channel.ts'
import { noticeText } from './notice-text.ts'
import type { NoticeWording } from './notice-text.ts'
import { httpRequest } from './http-request.ts'
import { htmlText, plainText, splitText, withoutMentions } from './rich-text.ts'
import type { RichText } from './rich-text.ts'
import { partEnd } from './telegram-answer.ts'
import type { PartEnd } from './telegram-answer.ts'

/**
 * Maximum length of a message's text and of a picture's caption, in UTF-16 units without markup:
 * https://core.telegram.org/bots/api#sendmessage
 */
const TEXT_LIMIT = 4_096
const CAPTION_LIMIT = 1_024

/**
 * Maximum size of a picture that the Bot API accepts:
 * https://core.telegram.org/bots/api#sending-files
 */
const PHOTO_LIMIT_BYTES = 10_000_000

export interface TelegramOptions {
  readonly settings: TelegramSettings
  readonly wording: NoticeWording
  readonly clock: Clock
  /** Time limit for sending one part of a message. */
  readonly deadlineMs: number
  /** Returns the contents of the picture file of a notice, or undefined if there is none. */
  readonly pictureAt: (path: string) => Uint8Array | undefined
}

/**
 * Creates a channel that sends over the Telegram Bot API. If a failure has a picture and the text
 * is short enough, the text is the caption of the picture. Otherwise the picture is sent after the
 * text.
 */
export function telegramChannel(options: TelegramOptions): Channel {
  return {
    name: 'telegram',
    async send({ notice, partsDone, ...how }, signal) {
      const text = withoutMentions(noticeText(notice, how, options.wording))
      const photo = photoOf(notice, options)
      const parts = partsOf(text, photo)
      for (const [index, part] of parts.entries()) {
        if (index < partsDone) continue
        const end = await sendPart(part, index, options, signal)
        if (end.status !== 'delivered') return end
      }
      return { status: 'delivered' }
    },
  }
}

interface Photo {
  readonly bytes: Uint8Array
  readonly name: string
}

type Part = { readonly text: RichText; readonly photo?: Photo }

function partsOf(text: RichText, photo: Photo | undefined): readonly Part[] {
  if (photo !== undefined && plainText(text).length <= CAPTION_LIMIT) return [{ text, photo }]
  const parts: Part[] = splitText(text, TEXT_LIMIT).map(piece => ({ text: piece }))
  return photo === undefined ? parts : [...parts, { text: [], photo }]
}

function photoOf(notice: Notification, { settings, pictureAt }: TelegramOptions): Photo | undefined {
  if (!settings.photos || notice.kind !== 'crash' || notice.screenshot === null) return undefined
  const bytes = pictureAt(notice.screenshot)
  // If the picture is missing or too large, only the text is sent.
  if (bytes === undefined || bytes.length > PHOTO_LIMIT_BYTES) return undefined
  return { bytes, name: basename(notice.screenshot) }
}

/**
 * Sends a part with its picture and markup. If the server rejects one of them, sends the part again
 * without it.
 */
async function sendPart(
  { text, photo }: Part,
  index: number,
  options: TelegramOptions,
  signal: AbortSignal,
): Promise<Delivery> {
  const attempt = (body: PartBody) => post(body, index, options, signal)
  let end = await attempt({ text, photo, markup: true })
  let markup = true
  if (end.status === 'rephrase') {
    markup = false
    end = await attempt({ text, photo, markup })
  }
  if (end.status === 'no-photo') {
    if (text.length === 0) return { status: 'delivered' }
    end = await attempt({ text, photo: undefined, markup })
  }
  if (end.status === 'rephrase' || end.status === 'no-photo') {
    return { status: 'refused', why: end.why, refusal: 'message' }
  }
  return end
}

interface PartBody {
  readonly text: RichText
  readonly photo: Photo | undefined
  readonly markup: boolean
}

async function post(
  { text, photo, markup }: PartBody,
  partsDone: number,
  { settings, clock, deadlineMs }: TelegramOptions,
  signal: AbortSignal,
): Promise<PartEnd> {
  const { apiRoot, token, chat } = settings
  const words = markup ? htmlText(text) : plainText(text)
  const mode = markup ? { parse_mode: 'HTML' } : {}
  const method = photo === undefined ? 'sendMessage' : 'sendPhoto'
  const body: { headers?: Record<string, string>; body: BodyInit } =
    photo === undefined
      ? {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            chat_id: chat,
            text: words,
            ...mode,
            link_preview_options: { is_disabled: true },
          }),
        }
      : { body: form({ chat_id: chat, caption: words, ...mode }, photo) }
  const answer = await httpRequest(
    { url: `${apiRoot}/bot${token}/${method}`, method: 'POST', ...body },
    deadlineMs,
    clock,
    signal,
  )
  return partEnd(answer, partsDone, photo !== undefined)
}

function form(fields: Readonly<Record<string, string>>, { bytes, name }: Photo): FormData {
  const data = new FormData()
  for (const [field, value] of Object.entries(fields)) if (value !== '') data.set(field, value)
  data.set('photo', new Blob([bytes], { type: 'image/png' }), name)
  return data
}
