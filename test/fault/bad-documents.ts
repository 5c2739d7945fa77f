import type { z } from 'zod'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode, messageOf } from '../../lib/core/errors/errors.ts'
import type { Json } from '../../lib/core/errors/errors.ts'
import { JsonValue } from '../../lib/model/json.ts'
import {
  Assignment,
  CrashDocument,
  LaunchDocument,
  OutcomeDocument,
  SchedulerDocument,
  ServiceDocument,
  WorkerDocument,
} from '../../lib/model/worker/documents.ts'
import { readJsonSync } from '../../lib/files/documents/atomic-json.ts'
import { takeSecrets } from '../../lib/files/secrets-file.ts'
import { packRecording } from '../../lib/files/trace/pack-recording.ts'
import { readHead, recordingOf } from '../../lib/files/trace/recording.ts'
import { reportForCorrupt } from '../../lib/files/documents/corrupt-crash-report.ts'
import {
  ASSIGNMENT,
  CRASH,
  IDENTITY,
  LAUNCH_DOCUMENT,
  LIVE,
  RECORD,
  REF,
} from '../helpers/builders/samples.ts'
import type { Nonsense } from './nonsense.ts'

interface Sample {
  readonly name: 'assignment' | 'launch' | 'crash' | 'worker' | 'outcome' | 'service' | 'scheduler'
  readonly schema: z.ZodType
  readonly sane: Json
}

/** One whole document of each kind. */
export const DOCUMENTS: readonly Sample[] = [
  { name: 'assignment', schema: Assignment, sane: JsonValue.parse(ASSIGNMENT) },
  { name: 'launch', schema: LaunchDocument, sane: JsonValue.parse(LAUNCH_DOCUMENT) },
  { name: 'crash', schema: CrashDocument, sane: JsonValue.parse(CRASH) },
  {
    name: 'worker',
    schema: WorkerDocument,
    sane: JsonValue.parse({
      ...{
        kind: 'worker',
        version: 2,
        workerId: 'w1',
        job: { ...REF, start: 'cold' },
        jobs: 1,
        state: 'busy',
      },
      ...{ pid: 7, processes: [IDENTITY], startedAt: 1, updatedAt: 2, phase: LIVE, history: [RECORD] },
      ...{ browser: null, url: null, memoryBytes: 0, log: 'l', outcome: null },
    }),
  },
  {
    name: 'outcome',
    schema: OutcomeDocument,
    sane: JsonValue.parse({
      ...{ ...REF, kind: 'outcome', version: 1, endedAt: 2, history: [RECORD], memoryBytes: 1 },
      outcome: { status: 'succeeded', result: { cents: 7 } },
    }),
  },
  {
    name: 'service',
    schema: ServiceDocument,
    sane: {
      ...{ kind: 'service', version: 1, name: 'janitor', desired: 'running', actual: 'running', since: 1 },
      ...{ restarts: 0, message: '', doing: { what: 'swept', count: 1 } },
    },
  },
  {
    name: 'scheduler',
    schema: SchedulerDocument,
    sane: {
      ...{ kind: 'scheduler', version: 1, pid: 7, startedAt: 1, updatedAt: 2, program: '1', phase: 'paused' },
      ...{ slots: 1, active: 0, idle: 0, revision: 0, workflows: [], broken: [] },
    },
  },
]

/** Reads a document with a mistake. Returns the wrong response; null if the response is right. */
export function badDocument(nonsense: Nonsense, folder: string): string | null {
  const { name, schema, sane } = nonsense.one(DOCUMENTS)
  const path = join(folder, 'job_7_9.json')
  const text = nonsense.damagedText(sane)
  writeFileSync(path, text)
  try {
    readJsonSync(path, schema)
  } catch (error) {
    const message = messageOf(error)
    if (errorCode(error) !== 'document-invalid') return `${name} ${text}: ${String(error)}`
    if (!message.includes(path)) return `${name} ${text}: does not name the file: ${message}`
    // A crash without a readable report is reported all the same.
    const known = { attempt: 1, member: 1, members: 1, workflow: 'visits' }
    const report = CrashDocument.safeParse(reportForCorrupt(path, message, known))
    if (!report.success) return `${name} ${text}: no report is made of it: ${report.error.message}`
  }
  return null
}

const SECRETS: Json = {
  proxy: { server: 'http://proxy:8080', username: 'me', password: 'topsecret' },
  sites: [{ origin: 'https://shop.example', username: 'me', password: 'topsecret' }],
  secrets: ['topsecret'],
}

/** Reads damaged secrets of a worker. They must be refused without being shown, and removed. */
export function badSecrets(nonsense: Nonsense, folder: string): string | null {
  const path = join(folder, 'w1.secrets')
  const text = nonsense.damagedText(SECRETS)
  writeFileSync(path, text)
  try {
    takeSecrets(path)
  } catch (error) {
    const message = messageOf(error)
    if (errorCode(error) !== 'document-invalid') return `secrets ${text}: ${String(error)}`
    if (!message.includes(path)) return `secrets ${text}: does not name the file: ${message}`
    if (/tops|secr?et"/.test(message)) return `secrets ${text}: tells them: ${message}`
  }
  try {
    readJsonSync(path, JsonValue)
  } catch {
    return null
  }
  return `secrets ${text}: the file stays`
}

const LINES: readonly Json[] = [
  {
    ...{ ...REF, type: 'head', version: 1, startedAt: 1, at: 0, browser: 'Chrome/1', platform: 'linux' },
    viewport: { width: 800, height: 600 },
  },
  {
    type: 'before',
    callId: 'c1',
    pageId: 'p1',
    startTime: 1,
    title: 'click',
    class: 'Page',
    method: 'click',
    params: {},
  },
  { type: 'after', callId: 'c1', endTime: 2 },
  { type: 'screencast-frame', pageId: 'p1', sha1: 'x.jpeg', width: 1, height: 1, timestamp: 3 },
  {
    ...{
      type: 'request',
      id: 'r1',
      at: 1,
      startedAt: 1,
      page: 'p1',
      frame: 'f1',
      method: 'GET',
      url: 'http://x/',
    },
    ...{ headers: [{ name: 'a', value: 'b' }], resource: 'Document' },
  },
  { type: 'request-end', id: 'r1', at: 2, bytes: 1, error: null },
  { type: 'console', text: 'x' },
]

/**
 * Packs a recording with damaged lines. The pack must contain the readable lines, or the recording
 * must be refused as a whole.
 */
export async function badRecording(nonsense: Nonsense, folder: string): Promise<string | null> {
  const recording = recordingOf(folder, 'job_7')
  const text = LINES.flatMap(line => {
    if (nonsense.chance(0.2)) return []
    return nonsense.chance(0.5) ? [nonsense.damagedText(line)] : [JSON.stringify(line)]
  }).join(nonsense.chance(0.9) ? '\n' : '')
  writeFileSync(recording.lines, text)
  try {
    readHead(recording)
    await packRecording(recording, join(folder, 'trace.zip'), 'bad input')
    return null
  } catch (error) {
    return `recording ${text}: ${String(error)}`
  }
}
