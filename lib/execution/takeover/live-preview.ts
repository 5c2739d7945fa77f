import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import type { Clock } from '../../core/time/clock.ts'
import { delay, withTimeout } from '../../core/time/timeout.ts'
import { messageOf } from '../../core/errors/errors.ts'
import type { PagePreview, ShownPage } from '../../model/worker/page-preview.ts'
import { writeJsonSync } from '../../files/documents/atomic-json.ts'
import { tryRemove } from '../../files/remove-files.ts'
import { runInternal } from '../browser/cdp/internal-call.ts'
import { screenshot } from '../diagnostics/screenshot.ts'
import type { WorkerLog } from '../worker/worker-log.ts'
import type { ActivePage } from './active-page.ts'

/**
 * Interval between pictures, short enough to follow the changes of a page. A picture costs the
 * worker about 50 ms of processor time.
 */
const RENEW_MS = 1_000

/** Longest wait for the origin of a page, as long as that for its picture. */
const PAGE_LIMIT_MS = 3_000

const PRIVATE_FILE = 0o600

export interface PictureOptions {
  readonly workerId: string
  /** `data/state/pictures`. */
  readonly folder: string
  readonly front: ActivePage
  readonly log: WorkerLog
  readonly clock: Clock
}

/** Shows the worker's page while a person looks at it, and at no other time. */
export class LivePreview {
  private readonly options: PictureOptions
  private readonly ended = new AbortController()
  private woken = new AbortController()
  private viewer = { untilAt: 0, columns: 1, rows: 1 }
  private showing = false

  constructor(options: PictureOptions) {
    this.options = options
  }

  /** Shows the page until the viewer's time ends. */
  show(viewer: { readonly untilAt: number; readonly columns: number; readonly rows: number }): void {
    this.viewer = viewer
    this.renew()
    if (this.showing || this.ended.signal.aborted) return
    this.showing = true
    void this.renewWhileWatched()
  }

  /** Takes a new picture, because an input has changed the page. */
  renew(): void {
    this.woken.abort()
  }

  /**
   * Writes one picture in full size, and the address of its page next to it. Never rejects. If it
   * fails, the person who requested the picture is not kept waiting, because the wait for the file
   * is limited.
   */
  async keep(name: string): Promise<void> {
    const { folder, workerId, log, front, clock } = this.options
    try {
      const page = await front.find()
      // Described before the picture is taken, because a page that navigates to another site in the
      // meantime is another page.
      const { id, address } = await this.present(page)
      const png = await screenshot(page, clock)
      if (png === undefined) {
        log.warn('the page returned no picture')
        return
      }
      const path = join(folder, `${workerId}_${name}.png`)
      writeFileSync(join(folder, `${workerId}_${name}.address`), address, { mode: PRIVATE_FILE })
      writeFileSync(`${path}.tmp`, png, { mode: PRIVATE_FILE })
      front.seen(id)
      renameSync(`${path}.tmp`, path)
    } catch (error) {
      log.warn(`the picture could not be kept: ${messageOf(error)}`)
    }
  }

  close(): void {
    this.ended.abort()
    this.renew()
    tryRemove(this.path)
  }

  private get path(): string {
    return join(this.options.folder, `${this.options.workerId}.json`)
  }

  /** Returns the id and the shown address of a page, which may not reply. */
  private present(page: Page): Promise<ShownPage> {
    const { front, clock } = this.options
    const asking = runInternal(() => front.present(page))
    return withTimeout(asking, PAGE_LIMIT_MS, 'The site of the page', clock)
  }

  private async renewWhileWatched(): Promise<void> {
    const { clock, log } = this.options
    while (!this.ended.signal.aborted && clock.now() < this.viewer.untilAt) {
      this.woken = new AbortController()
      try {
        await this.write()
      } catch (error) {
        log.warn(`the page could not be shown: ${messageOf(error)}`)
      }
      await delay(RENEW_MS, clock, this.woken.signal)
    }
    this.showing = false
    tryRemove(this.path)
  }

  private async write(): Promise<void> {
    const { workerId, front, clock } = this.options
    const page = await front.find()
    const shown = await this.present(page)
    const png = await screenshot(page, clock)
    if (png === undefined) return
    // Loaded for the first viewer, because hardly any worker needs it.
    const { decode } = await import('fast-png')
    const { width, height, rgb } = downscale(decode(png), this.viewer.columns, this.viewer.rows)
    if (this.ended.signal.aborted) return
    const document: PagePreview = {
      kind: 'picture',
      version: 1,
      workerId,
      at: clock.now(),
      page: shown,
      width,
      height,
      pixels: Buffer.from(rgb).toString('base64'),
    }
    writeJsonSync(this.path, document)
  }
}
/** Pixels, row by row, `channels` bytes each. */
interface Pixels {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly data: ArrayLike<number>
}

/**
 * Scales a picture down to fit into `columns` × `rows` pixels and retains its proportions. Each
 * pixel is the mean of its source pixels.
 */
export function downscale(
  { width, height, channels, data }: Pixels,
  columns: number,
  rows: number,
): {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
} {
  const scale = Math.min(1, columns / width, rows / height)
  const across = Math.max(1, Math.round(width * scale))
  const down = Math.max(1, Math.round(height * scale))
  const rgb = new Uint8Array(across * down * 3)
  for (let y = 0; y < down; y++) {
    const top = Math.floor((y * height) / down)
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * height) / down))
    for (let x = 0; x < across; x++) {
      const left = Math.floor((x * width) / across)
      const right = Math.max(left + 1, Math.floor(((x + 1) * width) / across))
      for (let channel = 0; channel < 3; channel++) {
        // Grey pictures have one channel for all three.
        const at = channels < 3 ? 0 : channel
        let sum = 0
        for (let row = top; row < bottom; row++) {
          for (let column = left; column < right; column++) {
            sum += data[(row * width + column) * channels + at] ?? 0
          }
        }
        rgb[(y * across + x) * 3 + channel] = Math.round(sum / ((bottom - top) * (right - left)))
      }
    }
  }
  return { width: across, height: down, rgb }
}
