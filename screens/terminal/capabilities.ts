type Environment = Readonly<Record<string, string | undefined>>

/** GNOME's terminal library takes it from 0.76 on. */
const VTE_CLIPBOARD_FROM = 7_600

/** iTerm2 shows progress from 3.6.6 on; before that it took the order for a text to notify of. */
const ITERM_PROGRESS_FROM = [3, 6, 6]

/**
 * Tells whether a terminal takes text into the clipboard (OSC 52). None of them answers to it: those that are known to refuse
 * are told by the environment, and get a file instead.
 */
export function supportsClipboard(env: Environment): boolean {
  if (env['TERM'] === 'linux' || env['TERM_PROGRAM'] === 'Apple_Terminal') return false
  const vte = Number(env['VTE_VERSION'] ?? '')
  return !(vte > 0 && vte < VTE_CLIPBOARD_FROM)
}

/**
 * Tells whether a terminal may be told of progress (OSC 9;4). Windows Terminal, ConEmu, Ghostty, WezTerm, Konsole show it, most others pass over it, and over a
 * network none is known by the environment: so all are told but those that do something else with it. As systemd does.
 */
export function supportsProgress(env: Environment): boolean {
  if (env['TERM'] === 'linux') return false
  if (env['TERM_PROGRAM'] !== 'iTerm.app') return true
  const version = (env['TERM_PROGRAM_VERSION'] ?? '').split('.').map(Number)
  for (const [place, from] of ITERM_PROGRESS_FROM.entries()) {
    const has = version[place] ?? 0
    if (has !== from) return has > from
  }
  return true
}
