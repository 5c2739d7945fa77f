import type { BigIntStats } from 'node:fs'

const text = new TextDecoder()

/** Block size that files report to SQLite, the same as Emscripten's. */
const BLOCK_BYTES = 4096

/**
 * Accesses the memory of SQLite in sql.js. Reads the buffer again at each use, because it is
 * replaced when the memory grows.
 */
export class GuestMemory {
  private readonly memory: WebAssembly.Memory

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory
  }

  bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, at, length)
  }

  /** Returns the text at an address, up to its terminating zero byte. */
  text(at: number): string {
    const all = new Uint8Array(this.memory.buffer)
    return text.decode(all.subarray(at, all.indexOf(0, at)))
  }

  u32(at: number): number {
    return this.view().getUint32(at, true)
  }

  setU32(at: number, value: number): void {
    this.view().setUint32(at, value, true)
  }

  setU16(at: number, value: number): void {
    this.view().setUint16(at, value, true)
  }

  setU8(at: number, value: number): void {
    this.view().setUint8(at, value)
  }

  setU64(at: number, value: bigint): void {
    this.view().setBigUint64(at, BigInt.asUintN(64, value), true)
  }

  /** Writes a `struct stat` in Emscripten's layout. */
  setStat(at: number, stat: BigIntStats): void {
    const low = (value: bigint) => Number(BigInt.asUintN(32, value))
    const fields = [stat.dev, stat.mode, stat.nlink, stat.uid, stat.gid, stat.rdev]
    fields.forEach((value, index) => this.setU32(at + index * 4, low(value)))
    this.setU64(at + 24, stat.size)
    this.setU32(at + 32, BLOCK_BYTES)
    this.setU32(at + 36, low(stat.blocks))
    const times = [stat.atimeNs, stat.mtimeNs, stat.ctimeNs]
    times.forEach((ns, index) => {
      this.setU64(at + 40 + index * 16, ns / 1_000_000_000n)
      this.setU32(at + 48 + index * 16, low(ns % 1_000_000_000n))
    })
    this.setU64(at + 88, stat.ino)
  }

  private view(): DataView {
    return new DataView(this.memory.buffer)
  }
}
