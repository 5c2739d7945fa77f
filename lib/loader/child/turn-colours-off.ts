/**
 * Makes Node write the errors of this process without colours, whatever its environment, a preload
 * or its terminal requests. With colours an assertion interleaves two texts, character by
 * character, so redaction does not find a secret in them. Child processes inherit the setting.
 */
export function turnColoursOff(): void {
  process.env['FORCE_COLOR'] = '0'
}
