import type { Topic } from '../harness/competitor.ts'
import { noChannel, noChannelAlone, stalledServer, stalledServerAlone } from './automate-tui.ts'

export const crashExit: Topic = {
  name: 'crash-exit',
  title: 'from the failure of a worker until its process and its browser have ended',
  figure: 'latency',
  unit: 'exit',
  needsBrowser: true,
  opensPages: false,
  countsCpu: false,
  baseline: noChannel.name,
  competitors: [
    noChannel,
    stalledServer,
    ...(process.platform === 'win32' ? [] : [noChannelAlone, stalledServerAlone]),
  ],
}
