/**
 * Steps of each part in the colour cube of a terminal with 256 colours (16 to 231). The 24 greys
 * follow the cube.
 */
const STEPS = [0, 95, 135, 175, 215, 255] as const
const CUBE = 16
const GREYS = 232
const LAST_GREY = 23
const FIRST_GREY = 8
const GREY_STEP = 10

/**
 * Returns the index of the nearest of the terminal's 256 colours. The first 16 are left out,
 * because users can change them.
 */
export function terminalColour(red: number, green: number, blue: number): number {
  const [r, g, b] = [nearestStep(red), nearestStep(green), nearestStep(blue)]
  const mean = (red + green + blue) / 3
  const grey = Math.max(0, Math.min(LAST_GREY, Math.round((mean - FIRST_GREY) / GREY_STEP)))
  const level = FIRST_GREY + grey * GREY_STEP
  const far = (x: number, y: number, z: number) => (red - x) ** 2 + (green - y) ** 2 + (blue - z) ** 2
  const cubeIsNearer = far(STEPS[r] ?? 0, STEPS[g] ?? 0, STEPS[b] ?? 0) <= far(level, level, level)
  return cubeIsNearer ? CUBE + 36 * r + 6 * g + b : GREYS + grey
}

function nearestStep(value: number): number {
  const far = STEPS.map(step => Math.abs(step - value))
  return far.indexOf(Math.min(...far))
}
