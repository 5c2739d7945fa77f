/**
 * Lets Node write the errors of this process without colours, whatever its environment, a preload or its terminal asks
 * for. With colours an assertion writes two texts into one another, character by character, and a secret among them is
 * not found any more. Programs that this process starts inherit it.
 */
export function turnColoursOff(): void {
  process.env['FORCE_COLOR'] = '0'
}
