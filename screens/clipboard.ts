/** GNOME's terminal library takes it from 0.76 on. */
const VTE_FROM = 7_600

/**
 * Tells whether a terminal takes text into the clipboard (OSC 52). None of them answers to it: those that are known to refuse
 * are told by the environment, and get a file instead.
 */
export function takesClipboard(env: Readonly<Record<string, string | undefined>>): boolean {
  if (env['TERM'] === 'linux' || env['TERM_PROGRAM'] === 'Apple_Terminal') return false
  const vte = Number(env['VTE_VERSION'] ?? '')
  return !(vte > 0 && vte < VTE_FROM)
}
