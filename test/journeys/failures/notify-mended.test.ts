import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { ChannelHealth } from '../../../lib/model/notify/outbox-message.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { messageServer, telegramRefusal, TELEGRAM_OK } from '../../helpers/sites/message-server.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

const workflows = ['fails']

const MISTYPED = '123:mistyped'
const RIGHT = '123:very-secret'

t.test(
  'a channel recovers at once with new settings, and after other fixes with a notifier restart',
  async t => {
    const server = await messageServer(t)
    const project = new JourneyProject(t, newFolder(), { workflows, workers: 1 })
    const configure = (token: string, chat: number) => {
      const notify = { telegram: { tokenEnv: 'BOT', chat, apiRoot: server.url }, bell: false }
      const lines = [`BOT=${token}`, `AUTOMATE_NOTIFY='${JSON.stringify(notify)}'`]
      writeFileSync(join(project.root, '.env'), `${lines.join('\n')}\n`)
    }
    const refused = (count: number) =>
      until(`${count} refused messages`, async () => {
        const [telegram] = await project.ask(z.array(ChannelHealth), 'notify')
        return telegram?.parked === count && telegram.waiting === 0
      })
    const status = async (language: string) => (await project.run(['status', '--language', language])).stdout
    const restartNotifier = async () =>
      t.match(await project.run(['services', 'restart', 'notifier']), { code: 0 })

    t.comment('the token is wrong')
    server.otherwise = telegramRefusal(401, 'Unauthorized')
    configure(MISTYPED, 5)
    await project.queue('fails', { how: 'throws', url: 'about:blank' })
    await project.schedule()
    await server.arrived(1)
    await refused(1)
    t.match(
      await status('en'),
      /Telegram: .*@BotFather gives in \.env or automate\.config\.ts: .* at once\.$/m,
    )
    t.match(await status('it'), /Telegram: .*@BotFather in \.env o automate\.config\.ts: .* subito\.$/m)
    await restartNotifier()
    t.match(
      (await server.arrived(2))[1],
      { path: `/bot${MISTYPED}/sendPhoto` },
      'the restart changes no setting',
    )
    await refused(1)

    t.comment('the chat is wrong')
    server.otherwise = telegramRefusal(403, 'Forbidden: bot was kicked from the group chat')
    configure(RIGHT, 5)
    t.match((await server.arrived(3))[2], { path: `/bot${RIGHT}/sendPhoto` }, 'nothing was restarted')
    await refused(1)
    t.match(await status('en'), /Set another id, which .* at once; or .* add it to the group, then run/)
    configure(RIGHT, 6)
    t.match((await server.arrived(4))[3]?.body, /"chat_id"\s+6\s/)
    await refused(1)

    t.comment('the bot is in the group again')
    server.otherwise = TELEGRAM_OK
    await restartNotifier()
    await server.arrived(5)
    await refused(0)
  },
)

t.test(
  'keeps a message that was refused for its content, and sends it again when the notifier starts',
  async t => {
    const server = await messageServer(t)
    const notify = { webhook: { url: server.url }, bell: false }
    const files = { '.env': `AUTOMATE_NOTIFY='${JSON.stringify(notify)}'\n` }
    const project = new JourneyProject(t, newFolder(), { workflows, workers: 1, files })
    const health = async () => (await project.ask(z.array(ChannelHealth), 'notify'))[0]
    server.otherwise = { status: 422 }
    await project.queue('fails', { how: 'throws', url: 'about:blank' })
    await project.schedule()
    await until('the refused message', async () => (await health())?.parked === 1)
    const status = async (language: string) => (await project.run(['status', '--language', language])).stdout
    t.match(await status('en'), /webhook: .*HTTP 422\. .* sent again at each start of the notifier/)
    t.match(await status('it'), /webhook: .*HTTP 422\. .* inviato di nuovo a ogni avvio del notifier/)

    t.comment('the failed delivery is retried as status reports')
    server.otherwise = { status: 200 }
    t.match(await project.run(['services', 'restart', 'notifier']), { code: 0 })
    const [first, again] = await server.arrived(2)
    t.equal(again?.headers['idempotency-key'], first?.headers['idempotency-key'])
    await until('its arrival', async () => (await health())?.sent === 1)
    t.match(await health(), { parked: 0, waiting: 0 })
  },
)
