import type { LaunchProfile } from '../../../model/worker/documents.ts'

export interface ChromeFolders {
  /** The `user-data-dir`, used by this Chrome alone. */
  readonly profile: string
  readonly crashDumps: string
  /** Folder of the locks of reserved ports. */
  readonly ports: string
}

/** Facts of the machine that decide arguments. */
export interface MachineFacts {
  /** Chrome refuses to run with its sandbox as root. */
  readonly root: boolean
  /** True if `/dev/shm` has too little memory. */
  readonly avoidDevShm: boolean
}

/**
 * Returns Chrome's arguments. CDP uses a pipe (file descriptors 3 and 4): however the worker dies,
 * Chrome sees the end of the pipe and ends too. With a `port` Chrome also listens there, on
 * 127.0.0.1; with 0 it chooses one.
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
  // The shell dumps crashes only on request; the others do by themselves.
  if (kind === 'headless-shell') return ['--headless', '--enable-crash-reporter', ...NO_WINDOW]
  return headless ? ['--headless=new', ...NO_WINDOW] : []
}

const NO_WINDOW = ['--hide-scrollbars', '--mute-audio']

/**
 * Arguments that send addresses of this machine through the proxy, too, and stop pages from
 * reaching the network by UDP without it.
 */
const THROUGH_PROXY = [
  '--proxy-bypass-list=<-loopback>',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
]

const RESOLVER_RULES = /^--?host-resolver-rules=/

/**
 * Returns rules by which Chrome resolves its proxy and no other name. The proxy resolves all other
 * names, and a page cannot make this machine's resolver send a query for one, as WebRTC does for a
 * TURN server over TCP. The rules among the project's own arguments stay in force, because they
 * come first, and the first counts.
 */
function resolverRules(server: string, ownArguments: readonly string[]): string {
  const own = ownArguments.findLast(argument => RESOLVER_RULES.test(argument))?.replace(RESOLVER_RULES, '')
  const host = new URL(server).hostname
  // Rules match an IPv6 address without its brackets, and map to one within them. A rule that maps
  // the host to itself yields to one of the project's; `EXCLUDE` would not. "~NOTFOUND", which
  // older Chromes know, is a name like others to newer ones, and "^" is part of no name.
  const proxy = `MAP ${host.replace(/^\[|\]$/g, '')} ${host}`
  return `--host-resolver-rules=${[own ?? '', proxy, 'MAP * ^NOTFOUND'].filter(rule => rule !== '').join(' , ')}`
}

/**
 * Arguments that puppeteer passes too, so that pages behave as its documentation describes, and
 * that prevent Chrome's own background work.
 */
const QUIET = [
  '--allow-pre-commit-input',
  // Our own, because for this cache full Chrome gives each document another frame host, so that the
  // last handlers of a document run during the wipe and in no event of the page.
  '--disable-back-forward-cache',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-client-side-phishing-detection',
  '--disable-component-extensions-with-background-pages',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-extensions',
  // The last three are our own. A new frame host for every document of a site costs a third of a
  // navigation, and half of a wipe. Full Chrome sends reports with the cookies of a site, in no
  // event of a page, up to a minute after the page was left.
  '--disable-features=Translate,AcceptCHFrame,MediaRouter,OptimizationHints,ProcessPerSiteUpToMainFrameThreshold,IsolateSandboxedIframes,RenderDocument,Reporting,NetworkErrorLogging',
  '--disable-gpu',
  // Our own, because the cache is empty in every new profile, and each wipe of a page would write
  // it again, 1.6 MB.
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
