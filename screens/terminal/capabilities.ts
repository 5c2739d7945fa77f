type Environment = Readonly<Record<string, string | undefined>>

/** First version of GNOME's terminal library with a clipboard: 0.76. */
const VTE_CLIPBOARD_FROM = 7_600

/** First version of iTerm2 with progress. Earlier versions show the sequence as a notification. */
const ITERM_PROGRESS_FROM = [3, 6, 6]

/**
 * True if a terminal takes text into the clipboard (OSC 52). No terminal replies to the sequence,
 * so the environment identifies the terminals that are known to refuse, and their text goes to a
 * file.
 */
export function supportsClipboard(env: Environment): boolean {
  if (env['TERM'] === 'linux' || env['TERM_PROGRAM'] === 'Apple_Terminal') return false
  const vte = Number(env['VTE_VERSION'] ?? '')
  return !(vte > 0 && vte < VTE_CLIPBOARD_FROM)
}

/**
 * True if a terminal may receive progress (OSC 9;4). Windows Terminal, ConEmu, Ghostty, WezTerm and
 * Konsole show it, and most others ignore it. Over a network the environment names no terminal, so
 * all receive progress except the terminals that interpret the sequence otherwise. systemd does the
 * same.
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
