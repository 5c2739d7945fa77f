import type { LaunchProfile } from '../../../model/worker/documents.ts'

export interface ChromeFolders {
  /** The `user-data-dir`, used by this Chrome alone. */
  readonly profile: string
  readonly crashDumps: string
  /** Folder of the locks of reserved ports. */
  readonly ports: string
}

/** Facts of the machine on which Chrome's arguments depend. */
export interface MachineFacts {
  /** True if this process runs as root. Chrome refuses to run as root with its sandbox. */
  readonly root: boolean
  /** True if `/dev/shm` has too little memory. */
  readonly avoidDevShm: boolean
}

/**
 * Returns Chrome's arguments. CDP uses a pipe (file descriptors 3 and 4). However the worker dies,
 * Chrome sees the end of the pipe and ends too. With a `port` Chrome also listens on this port of
 * 127.0.0.1; with 0 it chooses a free port.
 */
export function chromeFlags(
  launch: LaunchProfile,
  folders: ChromeFolders,
  { root, avoidDevShm }: MachineFacts,
  port: number | undefined,
): string[] {
  return [
    '--remote-debugging-pipe',
    ...(port === undefined ? [] : [`--remote-debugging-port=${port}`]),
    `--user-data-dir=${folders.profile}`,
    `--crash-dumps-dir=${folders.crashDumps}`,
    ...headlessFlags(launch),
    ...(root ? ['--no-sandbox'] : []),
    ...(avoidDevShm ? ['--disable-dev-shm-usage'] : []),
    ...QUIET,
    ...THROUGH_PROXY.filter(() => launch.proxyServer !== null),
    ...launch.extraArgs,
    // After the project's own arguments, because the last one counts, and no traffic may bypass the
    // worker's proxy.
    ...(launch.proxyServer === null
      ? []
      : [`--proxy-server=${launch.proxyServer}`, resolverRules(launch.proxyServer, launch.extraArgs)]),
    'about:blank',
  ]
}

function headlessFlags({ kind, headless }: LaunchProfile): string[] {
  // The headless shell writes crash dumps only on request; the other browsers always do.
  if (kind === 'headless-shell') return ['--headless', '--enable-crash-reporter', ...NO_WINDOW]
  return headless ? ['--headless=new', ...NO_WINDOW] : []
}

const NO_WINDOW = ['--hide-scrollbars', '--mute-audio']

/**
 * Arguments that also send requests for addresses of this machine through the proxy, and that keep
 * pages from bypassing the proxy by UDP.
 */
const THROUGH_PROXY = [
  '--proxy-bypass-list=<-loopback>',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
]

const RESOLVER_RULES = /^--?host-resolver-rules=/

/**
 * Returns an argument by which Chrome resolves the host name of its proxy and no other name. The
 * proxy resolves all other names, so a page cannot make this machine's resolver send a query, as
 * WebRTC does for a TURN server over TCP. Rules in the project's own arguments stay in force,
 * because they come first, and the first match counts.
 */
function resolverRules(server: string, ownArguments: readonly string[]): string {
  const own = ownArguments.findLast(argument => RESOLVER_RULES.test(argument))?.replace(RESOLVER_RULES, '')
  const host = new URL(server).hostname
  // A rule matches an IPv6 address without its brackets, and its target has brackets. The rule maps
  // the proxy's host to itself, because such a rule yields to a rule of the project; `EXCLUDE`
  // would not. "~NOTFOUND" would work only in older Chromes: newer ones treat it as an ordinary
  // name. "^" is part of no name.
  const proxy = `MAP ${host.replace(/^\[|\]$/g, '')} ${host}`
  return `--host-resolver-rules=${[own ?? '', proxy, 'MAP * ^NOTFOUND'].filter(rule => rule !== '').join(' , ')}`
}

/**
 * Arguments that puppeteer passes too, so that pages behave as its documentation describes, and
 * that prevent Chrome's own background work.
 */
const QUIET = [
  '--allow-pre-commit-input',
  // Our own. With this cache, full Chrome gives each document another frame host, so the last
  // handlers of a document would run during the wipe, without an event of the page.
  '--disable-back-forward-cache',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-client-side-phishing-detection',
  '--disable-component-extensions-with-background-pages',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-extensions',
  // The last three features are our own. With `RenderDocument`, every document of a site gets a new
  // frame host, which costs a third of a navigation and half of a wipe. With the other two, full
  // Chrome sends reports with the cookies of a site up to a minute after the page was left, without
  // an event of the page.
  '--disable-features=Translate,AcceptCHFrame,MediaRouter,OptimizationHints,ProcessPerSiteUpToMainFrameThreshold,IsolateSandboxedIframes,RenderDocument,Reporting,NetworkErrorLogging',
  '--disable-gpu',
  // Our own. The cache is empty in every new profile, and each wipe of a page would write it again
  // (1.6 MB).
  '--disable-gpu-shader-disk-cache',
  '--disable-hang-monitor',
  '--disable-infobars',
  '--disable-ipc-flooding-protection',
  '--disable-popup-blocking',
  '--disable-prompt-on-repost',
  '--disable-quic',
  '--disable-renderer-backgrounding',
  '--disable-search-engine-choice-screen',
  '--disable-sync',
  '--enable-automation',
  '--enable-features=PdfOopif',
  '--force-color-profile=srgb',
  '--metrics-recording-only',
  '--no-default-browser-check',
  '--no-first-run',
  '--password-store=basic',
  '--use-mock-keychain',
]

/** True for root on Linux, the only user that cannot have Chrome's sandbox. */
export function needsNoSandbox(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0
}
