/** Pixels, row by row, `channels` bytes each. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly data: ArrayLike<number>
}

/** What remains of a picture within `columns` × `rows` pixels, its proportions kept: each pixel is the mean of those that it stands for. */
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
