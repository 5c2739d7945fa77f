/** Characters that the picture draws as shapes instead of text. */
export const DRAWN = /[─│╭╮╰╯━▁▂▃▄▅▆▇█]/g

const BLOCKS = '▁▂▃▄▅▆▇█'
const THIN = 1.1
const BOLD = 3

const number = (value: number) => String(Math.round(value * 10) / 10)

/**
 * Returns the path, for filling, of the drawn characters of a text. The first cell is at `left`,
 * `top`.
 */
export function strokesOf(text: string, left: number, top: number, width: number, height: number): string {
  const middle = top + height / 2
  const path = [...text.matchAll(/─+|━+|[│╭╮╰╯▁▂▃▄▅▆▇█]/g)].map(({ 0: sign, index }) => {
    const x = left + index * width
    const centre = x + width / 2
    const across = sign.length * width
    switch (sign.charAt(0)) {
      case '─':
        return bar(x, middle - THIN / 2, across, THIN)
      case '━':
        return bar(x, middle - BOLD / 2, across, BOLD)
      case '│':
        return bar(centre - THIN / 2, top, THIN, height)
      case '╭':
        return corner(centre, top + height, x + width, middle)
      case '╮':
        return corner(centre, top + height, x, middle)
      case '╰':
        return corner(centre, top, x + width, middle)
      case '╯':
        return corner(centre, top, x, middle)
      default: {
        const tall = ((BLOCKS.indexOf(sign) + 1) / BLOCKS.length) * (height - 4)
        return bar(x, top + height - 2 - tall, across, tall)
      }
    }
  })
  return path.join('')
}

const bar = (x: number, y: number, width: number, height: number) =>
  `M${number(x)} ${number(y)}h${number(width)}v${number(height)}h${number(-width)}z`

/** Returns the path from the vertical line at `x` around the corner to the level of `y`. */
function corner(x: number, fromY: number, toX: number, y: number): string {
  const half = THIN / 2
  const right = toX > x ? 1 : -1
  const down = fromY > y ? 1 : -1
  const radius = Math.abs(toX - x)
  const bend = y + down * radius
  return [
    `M${number(x - half * right)} ${number(fromY)}V${number(bend)}`,
    `Q${number(x - half * right)} ${number(y - half * down)} ${number(toX)} ${number(y - half * down)}`,
    `V${number(y + half * down)}`,
    `Q${number(x + half * right)} ${number(y + half * down)} ${number(x + half * right)} ${number(bend)}`,
    `V${number(fromY)}z`,
  ].join('')
}
