import { AutomateError } from '../../core/errors/errors.ts'
import { loadKoffi } from './koffi.ts'

/**
 * JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE. The flags that let children break away are not set, because
 * Chrome's processes would then leave the job.
 */
const KILL_ON_JOB_CLOSE = 0x2000

/** JobObjectExtendedLimitInformation. */
const EXTENDED_LIMITS_CLASS = 9

/**
 * Size of JOBOBJECT_EXTENDED_LIMIT_INFORMATION on 64-bit Windows: basic limits 64, IO counters 48,
 * and four size_t.
 */
const EXTENDED_LIMITS_BYTES = 144

/** Offset of LimitFlags, after two 64-bit times. */
const LIMIT_FLAGS_OFFSET = 16

/**
 * Handle of the job, held until this process ends. Windows kills the processes of the job when its
 * last handle is closed, which also happens if this process is killed.
 */
let heldJob: unknown

/**
 * Returns the limits of a Windows job object, as a `JOBOBJECT_EXTENDED_LIMIT_INFORMATION`
 * structure. The only flag that is set kills all processes of the job when it is closed.
 */
export function killOnCloseLimits(): Buffer {
  const limits = Buffer.alloc(EXTENDED_LIMITS_BYTES)
  limits.writeUInt32LE(KILL_ON_JOB_CLOSE, LIMIT_FLAGS_OFFSET)
  return limits
}

/**
 * Puts this process and all its later descendants into a job object, which Windows ends when this
 * process dies. Must be called before the first child is spawned. Job objects can be nested, so the
 * console and each worker have their own. Does nothing on other systems, and at a second call.
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
