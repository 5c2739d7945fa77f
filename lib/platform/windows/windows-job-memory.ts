import { loadKoffi } from './koffi.ts'
import type { ProcessTreeUsage } from '../process/tree-use.ts'

/**
 * JobObjectBasicProcessIdList, whose result has two 32-bit counts, then the process ids of 64 bits
 * each.
 */
const PROCESS_IDS_CLASS = 3
const IDS_OFFSET = 8
const ID_BYTES = 8

/**
 * Maximum number of processes that are read from a job, more than a worker and its Chrome ever
 * have.
 */
const MOST_PROCESSES = 512

/**
 * JobObjectBasicAccountingInformation. It begins with the user and kernel times of all processes
 * that were ever in the job, in units of 100 ns.
 */
const ACCOUNTING_CLASS = 1
const ACCOUNTING_BYTES = 48
const UNITS_A_MS = 10_000n

const PROCESS_QUERY_LIMITED_INFORMATION = 0x1000

/** Size of PROCESS_MEMORY_COUNTERS_EX on 64-bit Windows. PrivateUsage is its last field. */
const COUNTERS_BYTES = 80
const PRIVATE_USAGE_OFFSET = 72

interface Calls {
  readonly processIds: (ids: Buffer) => boolean
  readonly accounting: (times: Buffer) => boolean
  readonly privateBytes: (pid: number) => number
}

let calls: Calls | undefined

/**
 * Returns the memory and processor time of this process's own job object, without this process
 * itself; undefined if Windows does not report them. Windows only; see `joinKillOnCloseJob`.
 */
export function readWindowsJobUse(): ProcessTreeUsage | undefined {
  calls ??= loadCalls()
  const { processIds, privateBytes, accounting } = calls
  const ids = Buffer.alloc(IDS_OFFSET + MOST_PROCESSES * ID_BYTES)
  if (!processIds(ids)) return undefined
  const count = ids.readUInt32LE(4)
  const pids = Array.from({ length: count }, (_, index) =>
    Number(ids.readBigUInt64LE(IDS_OFFSET + index * ID_BYTES)),
  )
  const times = Buffer.alloc(ACCOUNTING_BYTES)
  const jobMs = accounting(times)
    ? Number((times.readBigInt64LE(0) + times.readBigInt64LE(8)) / UNITS_A_MS)
    : 0
  const { user, system } = process.cpuUsage()
  return {
    bytes: pids.filter(pid => pid !== process.pid).reduce((sum, pid) => sum + privateBytes(pid), 0),
    cpuMs: Math.max(0, jobMs - (user + system) / 1_000),
  }
}

function loadCalls(): Calls {
  const library = loadKoffi().load('kernel32.dll')
  const query = library.func(
    'int __stdcall QueryInformationJobObject(void *, int, uint8_t *, uint32_t, void *)',
  )
  const open = library.func('void *__stdcall OpenProcess(uint32_t, int, uint32_t)')
  const memory = library.func('int __stdcall K32GetProcessMemoryInfo(void *, uint8_t *, uint32_t)')
  const close = library.func('int __stdcall CloseHandle(void *)')
  return {
    processIds: ids => query(null, PROCESS_IDS_CLASS, ids, ids.length, null) !== 0,
    accounting: times => query(null, ACCOUNTING_CLASS, times, times.length, null) !== 0,
    privateBytes: pid => {
      const handle: unknown = open(PROCESS_QUERY_LIMITED_INFORMATION, 0, pid)
      if (handle === null) return 0
      const counters = Buffer.alloc(COUNTERS_BYTES)
      counters.writeUInt32LE(COUNTERS_BYTES)
      const known = memory(handle, counters, COUNTERS_BYTES) !== 0
      close(handle)
      return known ? Number(counters.readBigUInt64LE(PRIVATE_USAGE_OFFSET)) : 0
    },
  }
}
