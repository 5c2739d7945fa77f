import * as fs from 'node:fs'
import { dirname } from 'node:path'
import { syncFolder, writeAll } from '../../core/disk/whole-file.ts'
import { ERRNO } from './errno.ts'

/**
 * Lowest file descriptor of a real file. It is far above the descriptors of Emscripten, whose table
 * ends at 4096, so that the number shows who opened the file.
 */
const FIRST_DESCRIPTOR = 1_000_000

/** Mode of a database: only the user may read it. */
const PRIVATE_FILE = 0o600

/**
 * Number of bytes that are copied at once, large enough that the number of calls does not matter.
 */
const COPIED_BYTES = 1024 * 1024

const NAME = /(?:^|\/)(dbfile_\d+)(-journal|-wal)?$/

interface OpenFile {
  readonly fd: number
  readonly path: string
  position: number
}

/**
 * Real files that SQLite in sql.js works on. Maps a name that sql.js has chosen (`dbfile_<n>`, its
 * journal and its WAL) to a path on the disk, and a file descriptor of this class to an open file.
 * All methods throw the errors of node:fs.
 */
export class RealFiles {
  private readonly open = new Map<number, OpenFile>()
  private readonly paths = new Map<string, string>()
  private readonly unsyncedFolders = new Set<string>()
  private next = FIRST_DESCRIPTOR
  private awaited: string | undefined
  /**
   * Paths of files that are only read. Maps each to the beginning of the paths for the files that
   * SQLite would otherwise create next to it.
   */
  private readonly readOnly = new Map<string, string>()

  /**
   * Maps the next unknown `dbfile_<n>` that SQLite opens to `path`. With `scratch` the file is only
   * read, and the paths of its journal and WAL begin with `scratch`.
   */
  await(path: string, scratch?: string): void {
    this.awaited = path
    if (scratch === undefined) this.readOnly.delete(path)
    else this.readOnly.set(path, scratch)
  }

  /**
   * Closes the files that are open under `path` without writing anything more. Later calls on them
   * fail with EBADF.
   */
  abandon(path: string): void {
    this.awaited = undefined
    for (const [descriptor, file] of this.open) {
      const beside = `${this.readOnly.get(path) ?? path}-`
      if (file.path !== path && !file.path.startsWith(beside)) continue
      this.open.delete(descriptor)
      fs.closeSync(file.fd)
    }
    for (const [name, bound] of this.paths) if (bound === path) this.paths.set(name, '')
  }

  /**
   * Returns false if the file that is open under `path` or its write-ahead log was removed, or if
   * another file now has its name. Without the log, everything that was committed since the last
   * checkpoint is lost when the process ends.
   */
  isInPlace(path: string): boolean {
    return this.isOpenFile(path) && this.isOpenFile(`${path}-wal`)
  }

  /**
   * Returns true if `path` still names the file that was opened under it, or if no file is open.
   */
  private isOpenFile(path: string): boolean {
    const fd = this.descriptorOf(path)
    if (fd === undefined) return true
    const [open, named] = [
      fs.fstatSync(fd, { bigint: true }),
      fs.statSync(path, { bigint: true, throwIfNoEntry: false }),
    ]
    // Windows reports a different device number for an open file.
    const isSameDevice = process.platform === 'win32' || open.dev === named?.dev
    return open.ino === named?.ino && isSameDevice
  }

  /** Copies the file that is open under `path` to a new file, even if the open file was removed. */
  copyOpen(path: string, to: string): void {
    const fd = this.descriptorOf(path)
    if (fd === undefined) throw new Error(`${path} is not open`)
    const target = fs.openSync(to, 'wx', PRIVATE_FILE)
    try {
      const chunk = Buffer.alloc(COPIED_BYTES)
      for (let at = 0; ;) {
        const count = fs.readSync(fd, chunk, 0, chunk.length, at)
        if (count === 0) break
        writeAll(target, chunk.subarray(0, count), at)
        at += count
      }
      fs.fsyncSync(target)
    } finally {
      fs.closeSync(target)
    }
  }

  private descriptorOf(path: string): number | undefined {
    return [...this.open.values()].find(file => file.path === path)?.fd
  }

  /**
   * Returns the real path for a path that SQLite uses; undefined if it is not the name of a real
   * file.
   */
  resolve(path: string): string | undefined {
    const match = NAME.exec(path)
    if (match === null) return undefined
    const [, name = '', suffix = ''] = match
    let base = this.paths.get(name)
    if (base === undefined && this.awaited !== undefined) {
      base = this.awaited
      this.paths.set(name, base)
      this.awaited = undefined
    }
    if (base === undefined) return undefined
    // The file was abandoned. An empty path lets every call fail with ENOENT.
    if (base === '') return ''
    return suffix === '' ? base : `${this.readOnly.get(base) ?? base}${suffix}`
  }

  /**
   * Returns true if a file descriptor belongs to this class, whether or not the file is still open.
   */
  owns(descriptor: number): boolean {
    return descriptor >= FIRST_DESCRIPTOR
  }

  openFile(path: string, writable: boolean, create: boolean): number {
    const readOnly = this.readOnly.has(path)
    const created = create && !readOnly && !fs.existsSync(path)
    const flags =
      (writable && !readOnly ? fs.constants.O_RDWR : fs.constants.O_RDONLY) |
      (create && !readOnly ? fs.constants.O_CREAT : 0)
    const fd = fs.openSync(path, flags, PRIVATE_FILE)
    if (created) this.unsyncedFolders.add(dirname(path))
    const descriptor = this.next
    this.next += 1
    this.open.set(descriptor, { fd, path, position: 0 })
    return descriptor
  }

  close(descriptor: number): void {
    const file = this.file(descriptor)
    this.open.delete(descriptor)
    fs.closeSync(file.fd)
  }

  read(descriptor: number, into: Uint8Array): number {
    const file = this.file(descriptor)
    const count = fs.readSync(file.fd, into, 0, into.length, file.position)
    file.position += count
    return count
  }

  write(descriptor: number, bytes: Uint8Array): number {
    const file = this.file(descriptor)
    const count = fs.writeSync(file.fd, bytes, 0, bytes.length, file.position)
    file.position += count
    return count
  }

  /** @param whence 0 from the start, 1 from the current position, 2 from the end. */
  seek(descriptor: number, offset: number, whence: number): number {
    const file = this.file(descriptor)
    const from = whence === 0 ? 0 : whence === 1 ? file.position : fs.fstatSync(file.fd).size
    file.position = from + offset
    return file.position
  }

  stat(descriptor: number): fs.BigIntStats {
    return fs.fstatSync(this.file(descriptor).fd, { bigint: true })
  }

  truncate(descriptor: number, size: number): void {
    fs.ftruncateSync(this.file(descriptor).fd, size)
  }

  /**
   * Syncs a file to the disk. Also syncs its folder if a file was created or removed there, because
   * a power failure may undo that otherwise. Folders are not synced on Windows.
   */
  sync(descriptor: number): void {
    fs.fdatasyncSync(this.file(descriptor).fd)
    if (this.unsyncedFolders.size === 0) return
    // The folder of another database of this process may have been removed in the meantime.
    for (const folder of this.unsyncedFolders) if (fs.existsSync(folder)) syncFolder(folder)
    this.unsyncedFolders.clear()
  }

  unlink(path: string): void {
    fs.unlinkSync(path)
    this.unsyncedFolders.add(dirname(path))
  }

  private file(descriptor: number): OpenFile {
    const file = this.open.get(descriptor)
    if (file === undefined) throw Object.assign(new Error('not open'), { code: 'EBADF', errno: ERRNO.EBADF })
    return file
  }
}
