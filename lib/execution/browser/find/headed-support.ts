import type { BrowserSearch } from './browser-locations.ts'
import { WHERE_TO_GET_ONE } from './find-browser.ts'
import type { FoundBrowser } from './find-browser.ts'

/** Reason why browsers cannot show their windows, and the remedy, as one sentence each. */
export interface NoWindow {
  readonly why: string
  readonly remedy: string
}

const WITHOUT = 'omit --headed ("headless": false in the configuration) to run without windows.'

/**
 * Returns the reason why the found browser, if any, cannot show windows on this machine, with the
 * remedy; null if it can. Otherwise the browser would run without a visible window.
 */
export function whyNotHeaded(
  found: FoundBrowser | undefined,
  { platform, env }: BrowserSearch,
): NoWindow | null {
  if (platform === 'linux' && !isSet(env.DISPLAY) && !isSet(env.WAYLAND_DISPLAY)) {
    return {
      why: 'Browsers cannot show their windows, because there is no screen: neither DISPLAY nor WAYLAND_DISPLAY is set.',
      remedy: `Start automate-tui on a screen, or ${WITHOUT}`,
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
    why: `Browsers cannot show their windows, because ${found.path} has no windows.`,
    remedy: `Install Google Chrome or Chromium, or ${WITHOUT}`,
  }
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== ''
