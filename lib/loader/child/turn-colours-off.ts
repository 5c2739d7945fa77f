/**
 * Makes Node write the errors of this process without colours, whatever the environment, a
 * preloaded module or the terminal requests. A coloured assertion interleaves two texts character
 * by character, so that redaction would not find a secret in them. Child processes inherit the
 * setting.
 */
export function turnColoursOff(): void {
  process.env['FORCE_COLOR'] = '0'
}
