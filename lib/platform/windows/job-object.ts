import { AutomateError } from '../../core/errors/errors.ts'
import { loadKoffi } from './koffi.ts'

/**
 * JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE alone, because a flag that lets children break away would
 * release Chrome's.
 */
const KILL_ON_JOB_CLOSE = 0x2000

/** JobObjectExtendedLimitInformation. */
const EXTENDED_LIMITS_CLASS = 9

/**
 * JOBOBJECT_EXTENDED_LIMIT_INFORMATION on 64 bits: basic limits 64, IO counters 48, four size_t.
 */
const EXTENDED_LIMITS_BYTES = 144

/** Offset of LimitFlags, after two 64-bit times. */
const LIMIT_FLAGS_OFFSET = 16

/**
 * Held until the end of the process, because the job ends its processes when the last handle
 * closes, even if the process is killed.
 */
let heldJob: unknown

/**
 * Returns the limits in Windows' layout, with only the flag that kills all processes when the job
 * closes.
 */
export function killOnCloseLimits(): Buffer {
  const limits = Buffer.alloc(EXTENDED_LIMITS_BYTES)
  limits.writeUInt32LE(KILL_ON_JOB_CLOSE, LIMIT_FLAGS_OFFSET)
  return limits
}

/**
 * Puts this process and all its descendants into a job that Windows ends when this process dies.
 * Must be called before the first spawn. Jobs nest, so the console and each worker have their own.
 * Does nothing on other systems and at the second call.
 * @throws `environment-unfit` if Windows refuses.
 */
export function joinKillOnCloseJob(): 'joined' | 'unsupported' {
  if (process.platform !== 'win32') return 'unsupported'
  heldJob ??= createJob()
  return 'joined'
}

function createJob(): unknown {
  const kernel32 = loadKoffi().load('kernel32.dll')
  const create = kernel32.func('void *__stdcall CreateJobObjectW(void *, void *)')
  const limit = kernel32.func('int __stdcall SetInformationJobObject(void *, int, uint8_t *, uint32_t)')
  const current = kernel32.func('void *__stdcall GetCurrentProcess()')
  const assign = kernel32.func('int __stdcall AssignProcessToJobObject(void *, void *)')
  const lastError = kernel32.func('uint32_t __stdcall GetLastError()')

  const refused = (call: string) =>
    new AutomateError(
      'environment-unfit',
      `Windows refused ${call} (error ${String(lastError())}). Without it, browsers would keep running after a crash of the console. Start the console from another terminal, or outside the tool that confines it.`,
      { facts: { call } },
    )
  const job: unknown = create(null, null)
  if (job === null) throw refused('CreateJobObject')
  if (limit(job, EXTENDED_LIMITS_CLASS, killOnCloseLimits(), EXTENDED_LIMITS_BYTES) === 0) {
    throw refused('SetInformationJobObject')
  }
  if (assign(job, current()) === 0) throw refused('AssignProcessToJobObject')
  return job
}
