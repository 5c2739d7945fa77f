import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'

/**
 * Reads stdin to its end. On a terminal, prints `prompt` to stderr and does not echo the typed
 * text, because it may be a password. Ctrl+C ends the process, as it does without a prompt.
 */
export async function readTyped(prompt: string): Promise<string> {
  const { stdin } = process
  if (!stdin.isTTY) return text(stdin)
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
  const editor = createInterface({ input: stdin, output: unseen, terminal: true, historySize: 0 })
  // Printed only now, after the interface has turned the echo off.
  process.stderr.write(`${prompt}\n`)
  const lines: string[] = []
  editor.on('line', line => void lines.push(line))
  editor.once('SIGINT', () => {
    editor.close()
    process.kill(process.pid, 'SIGINT')
  })
  await once(editor, 'close')
  return lines.join('\n')
}
