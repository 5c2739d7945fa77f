import type { BrowserSearch } from './browser-locations.ts'
import { WHERE_TO_GET_ONE } from './find-browser.ts'
import type { FoundBrowser } from './find-browser.ts'

/** Why browsers cannot show their windows, and what to do about it: a sentence each. */
export interface NoWindow {
  readonly why: string
  readonly remedy: string
}

const WITHOUT = 'leave out --headed (in the configuration "headless": false) to go without windows.'

/** What keeps the browser that was found, if any, from showing its windows here; null when nothing does. It would run all the same, and nobody would see it. */
export function whyNotHeaded(
  found: FoundBrowser | undefined,
  { platform, env }: BrowserSearch,
): NoWindow | null {
  if (platform === 'linux' && !isSet(env.DISPLAY) && !isSet(env.WAYLAND_DISPLAY)) {
    return {
      why: 'Browsers cannot show their windows: there is no screen here, since neither DISPLAY nor WAYLAND_DISPLAY is set.',
      remedy: `Start it where there is a screen, or ${WITHOUT}`,
    }
  }
  if (found === undefined) {
    return {
      why: 'No browser that can show a window was found.',
      remedy: `${WHERE_TO_GET_ONE} Or ${WITHOUT}`,
    }
  }
  if (found.kind !== 'headless-shell') return null
  return {
    why: `Browsers cannot show their windows: ${found.path} has none.`,
    remedy: `Install Google Chrome or Chromium and let it be found, or ${WITHOUT}`,
  }
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== ''
