import { closeSync, createReadStream, fsyncSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import { syncFolder, writeAll } from '../../core/disk/whole-file.ts'
import { TraceLine } from '../../model/trace/trace-line.ts'
import { removeRecording, wholeFrames } from './recording.ts'
import type { Recording } from './recording.ts'
import { TraceAssembly } from './trace-assembly.ts'

const PRIVATE_FILE = 0o600

/** Approximate number of characters that are passed to the compressor at once. */
const PIECE = 256 * 1024

/**
 * Packs a recording into a trace that `npx playwright show-trace` opens, and removes the recording.
 * Unfinished actions end with `reason`. The archive is created completely or not at all. Packing
 * takes CPU time for every megabyte, so it must not run in a thread with other work.
 * @throws The system's error if the recording cannot be read or the trace cannot be written. The
 * recording then remains.
 */
export async function packRecording(recording: Recording, zipFile: string, reason: string): Promise<void> {
  const temporary = join(dirname(zipFile), `.${basename(zipFile)}.${process.pid}.tmp`)
  const output = openSync(temporary, 'w', PRIVATE_FILE)
  try {
    await writeArchive(recording, bytes => writeAll(output, bytes), reason)
    // Synced because the recording is removed next, so the archive must survive a power failure.
    fsyncSync(output)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  } finally {
    closeSync(output)
  }
  renameSync(temporary, zipFile)
  syncFolder(dirname(zipFile))
  removeRecording(recording)
}

async function writeArchive(
  recording: Recording,
  write: (bytes: Uint8Array) => void,
  reason: string,
): Promise<void> {
  const pictures = new Set(wholeFrames(recording))
  const zip = new Zip((error, bytes) => {
    if (error !== null) throw error
    write(bytes)
  })
  const trace = new TextEntry(zip, 'trace.trace')
  const network: object[] = []
  const assembly = new TraceAssembly({
    trace: event => trace.line(event),
    network: event => network.push(event),
    hasFrame: name => pictures.has(name),
  })
  for await (const text of linesOf(recording.lines)) {
    const line = parsed(text)
    if (line !== undefined) assembly.line(line)
  }
  assembly.end(reason)
  trace.end()
  const requests = new TextEntry(zip, 'trace.network')
  for (const event of network) requests.line(event)
  requests.end()
  for (const name of pictures) {
    // Pictures are stored as they are, because they are compressed already.
    const entry = new ZipPassThrough(`resources/${name}`)
    zip.add(entry)
    entry.push(readFileSync(join(recording.frames, name)), true)
  }
  zip.end()
}

/** Yields the lines of a file, including a last line without a newline. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of createReadStream(path, { encoding: 'utf8', highWaterMark: PIECE })) {
    const lines = (rest + String(piece)).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  yield rest
}

/** One text file in the archive, compressed piece by piece. */
class TextEntry {
  private readonly entry: ZipDeflate
  private readonly encoder = new TextEncoder()
  private pending = ''

  constructor(zip: Zip, name: string) {
    this.entry = new ZipDeflate(name, { level: 6 })
    zip.add(this.entry)
  }

  line(event: object): void {
    this.pending += `${JSON.stringify(event)}\n`
    if (this.pending.length < PIECE) return
    this.entry.push(this.encoder.encode(this.pending))
    this.pending = ''
  }

  end(): void {
    this.entry.push(this.encoder.encode(this.pending), true)
  }
}

/**
 * Parses a line. Returns undefined if the line is invalid, such as the last line of a killed
 * worker, which may be incomplete.
 */
function parsed(text: string): TraceLine | undefined {
  try {
    return TraceLine.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
