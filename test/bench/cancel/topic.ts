import type { Topic } from '../harness/competitor.ts'
import { cancelJob, endSwarm } from './automate-tui.ts'
import { bareKills, bareStop, bareStops } from './bare-stop.ts'

export const cancel: Topic = {
  name: 'cancel',
  title: 'from the request to stop a busy worker until its process and its browser have ended',
  figure: 'latency',
  unit: 'stop',
  needsBrowser: true,
  opensPages: false,
  countsCpu: false,
  baseline: bareStop.name,
  competitors: [bareStop, cancelJob, bareKills, bareStops, endSwarm],
}
