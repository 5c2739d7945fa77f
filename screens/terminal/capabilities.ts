type Environment = Readonly<Record<string, string | undefined>>

/**
 * First version of VTE (GNOME's terminal library) with a clipboard: 0.76, in the form of
 * `VTE_VERSION`.
 */
const VTE_CLIPBOARD_FROM = 7_600

/**
 * First version of iTerm2 that shows progress. Earlier versions show the sequence as a
 * notification.
 */
const ITERM_PROGRESS_FROM = [3, 6, 6]

/**
 * True unless the environment names a terminal that is known not to copy text to the clipboard (OSC
 * 52). Terminals do not reply to the sequence, so the console cannot ask them. If this is false,
 * text is saved in a file.
 */
export function supportsClipboard(env: Environment): boolean {
  if (env['TERM'] === 'linux' || env['TERM_PROGRAM'] === 'Apple_Terminal') return false
  const vte = Number(env['VTE_VERSION'] ?? '')
  return !(vte > 0 && vte < VTE_CLIPBOARD_FROM)
}

/**
 * True if progress may be sent to the terminal (OSC 9;4). Windows Terminal, ConEmu, Ghostty,
 * WezTerm and Konsole show it, and most other terminals ignore it. Over a network connection the
 * environment does not name the terminal, so progress is sent to all terminals except those that
 * are known to interpret the sequence in another way. systemd does the same.
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
