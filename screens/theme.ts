/**
 * Style of a piece of text. A colour is an index of the terminal's 256 colours; -1 is the
 * terminal's default colour.
 */
export interface Style {
  readonly fg: number
  readonly bg: number
  readonly bold: boolean
  readonly underline: boolean
  readonly inverse: boolean
}

/** Meaning of a piece of text, to which a theme assigns a style. */
export type Role =
  | 'text'
  | 'muted'
  | 'border'
  | 'focus'
  | 'title'
  | 'brand'
  | 'key'
  | 'good'
  | 'busy'
  | 'warn'
  | 'bad'
  | 'info'
  | 'selected'
  | 'held'
  | 'bar'
  | 'track'

export const THEME_NAMES = ['dark', 'light', 'safe', 'plain'] as const
export type ThemeName = (typeof THEME_NAMES)[number]

export interface Theme {
  readonly name: ThemeName
  readonly roles: Readonly<Record<Role, Style>>
}

const NONE: Style = { fg: -1, bg: -1, bold: false, underline: false, inverse: false }

const ink = (fg: number, more: Partial<Style> = {}): Style => ({ ...NONE, fg, ...more })

const dark: Record<Role, Style> = {
  text: NONE,
  muted: ink(245),
  border: ink(238),
  focus: ink(75),
  title: ink(-1, { bold: true }),
  brand: ink(75, { bold: true }),
  key: ink(222, { bold: true }),
  good: ink(114),
  busy: ink(75),
  warn: ink(221),
  bad: ink(203, { bold: true }),
  info: ink(117),
  selected: { ...NONE, bg: 24, fg: 255, bold: true },
  held: { ...NONE, bg: 236 },
  bar: ink(75),
  track: ink(238),
}

const light: Record<Role, Style> = {
  ...dark,
  muted: ink(241),
  border: ink(250),
  focus: ink(25),
  brand: ink(25, { bold: true }),
  key: ink(94, { bold: true }),
  good: ink(28),
  busy: ink(25),
  warn: ink(130),
  bad: ink(160, { bold: true }),
  info: ink(25),
  selected: { ...NONE, bg: 153, fg: 16, bold: true },
  held: { ...NONE, bg: 254 },
  bar: ink(25),
  track: ink(250),
}

/**
 * Blue and orange, which can be told apart with any common colour blindness (after Okabe and Ito).
 */
const safe: Record<Role, Style> = {
  ...dark,
  good: ink(75),
  busy: ink(153),
  warn: ink(221),
  bad: ink(208, { bold: true, underline: true }),
}

const plain: Record<Role, Style> = {
  text: NONE,
  muted: NONE,
  border: NONE,
  focus: ink(-1, { bold: true }),
  title: ink(-1, { bold: true }),
  brand: ink(-1, { bold: true }),
  key: ink(-1, { bold: true }),
  good: NONE,
  busy: NONE,
  warn: ink(-1, { bold: true }),
  bad: ink(-1, { bold: true }),
  info: NONE,
  selected: ink(-1, { inverse: true }),
  held: ink(-1, { underline: true }),
  bar: NONE,
  track: NONE,
}

export const THEMES: Readonly<Record<ThemeName, Theme>> = {
  dark: { name: 'dark', roles: dark },
  light: { name: 'light', roles: light },
  safe: { name: 'safe', roles: safe },
  plain: { name: 'plain', roles: plain },
}

/**
 * Returns the theme after this one in the list. On a terminal without colours, only the plain theme
 * exists.
 */
export function nextTheme(name: ThemeName, colours: boolean): ThemeName {
  const names = colours ? THEME_NAMES.filter(each => each !== 'plain') : (['plain'] as const)
  return names[(names.findIndex(each => each === name) + 1) % names.length] ?? 'plain'
}
