import { loadKoffi } from '../windows/koffi.ts'

/**
 * Ends this process at once with an exit code, without waiting for its threads. `process.exit`
 * joins the threads, so a thread that is blocked in a system call would delay it.
 */
export function endProcess(exitCode: number): void {
  try {
    const koffi = loadKoffi()
    if (process.platform === 'win32') {
      const kernel32 = koffi.load('kernel32.dll')
      const current = kernel32.func('void *__stdcall GetCurrentProcess()')
      kernel32.func('int __stdcall TerminateProcess(void *, uint32_t)')(current(), exitCode)
    } else {
      koffi.load(null).func('void _exit(int status)')(exitCode)
    }
  } catch {
    // Without koffi the process can only be killed, and the exit code is lost.
    process.kill(process.pid, 'SIGKILL')
  }
}
