import type { LaunchProfile } from '../../../model/worker/documents.ts'

export interface ChromeFolders {
  /** The `user-data-dir`, this Chrome's own. */
  readonly profile: string
  readonly crashDumps: string
  /** Where the locks of reserved ports lie. */
  readonly ports: string
}

/** What of the machine decides about arguments. */
export interface MachineFacts {
  /** Chrome refuses its sandbox to root. */
  readonly root: boolean
  /** Too little memory can be shared in `/dev/shm`. */
  readonly avoidDevShm: boolean
}

/**
 * Chrome's arguments. CDP goes over a pipe (file descriptors 3 and 4): when the worker dies, however it dies, Chrome sees the pipe's end and ends too.
 * With a `port` it listens there as well, on 127.0.0.1; 0 lets it choose.
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
    // Behind the project's own arguments: the last one counts, and nothing may go out around its proxy.
    ...(launch.proxyServer === null
      ? []
      : [`--proxy-server=${launch.proxyServer}`, resolverRules(launch.proxyServer, launch.extraArgs)]),
    'about:blank',
  ]
}

function headlessFlags({ kind, headless }: LaunchProfile): string[] {
  // The shell dumps crashes only when asked to; the others do by themselves.
  if (kind === 'headless-shell') return ['--headless', '--enable-crash-reporter', ...NO_WINDOW]
  return headless ? ['--headless=new', ...NO_WINDOW] : []
}

const NO_WINDOW = ['--hide-scrollbars', '--mute-audio']

/** Addresses of this machine go through the proxy like all others, and pages cannot reach the network by UDP beside it. */
const THROUGH_PROXY = [
  '--proxy-bypass-list=<-loopback>',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
]

const RESOLVER_RULES = /^--?host-resolver-rules=/

/**
 * Lets Chrome resolve its proxy and nothing else: other names are the proxy's business, and a page
 * cannot make this machine's resolver ask for one, as WebRTC does for a TURN server over TCP.
 * The rules among the project's own arguments stay in force: they come first, and the first counts.
 */
function resolverRules(server: string, ownArguments: readonly string[]): string {
  const own = ownArguments.findLast(argument => RESOLVER_RULES.test(argument))?.replace(RESOLVER_RULES, '')
  const host = new URL(server).hostname
  // Rules match an IPv6 address without its brackets, and map to one within them. A rule that maps
  // the host to itself gives way to one of the project's; `EXCLUDE` would not. "~NOTFOUND", which
  // older Chromes know, is a name like others to newer ones, and "^" stands in no name.
  const proxy = `MAP ${host.replace(/^\[|\]$/g, '')} ${host}`
  return `--host-resolver-rules=${[own ?? '', proxy, 'MAP * ^NOTFOUND'].filter(rule => rule !== '').join(' , ')}`
}

/** What puppeteer passes too, so that pages behave as its documentation says, and what keeps Chrome from work of its own. */
const QUIET = [
  '--allow-pre-commit-input',
  // Ours: for this cache full Chrome gives each document another frame host, so that the last
  // handlers of a document run during the wipe and in no event of the page.
  '--disable-back-forward-cache',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-client-side-phishing-detection',
  '--disable-component-extensions-with-background-pages',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-extensions',
  // The last three are ours. A new frame host for every document of a site costs a third of a
  // navigation, and of a wipe half. Full Chrome sends reports with the cookies of a site, in no
  // event of a page, up to a minute after the page was left.
  '--disable-features=Translate,AcceptCHFrame,MediaRouter,OptimizationHints,ProcessPerSiteUpToMainFrameThreshold,IsolateSandboxedIframes,RenderDocument,Reporting,NetworkErrorLogging',
  '--disable-gpu',
  // Ours: it starts empty with every profile, and each wipe of a page would write it anew, 1.6 MB.
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

/** Root on Linux cannot have Chrome's sandbox; nobody else goes without it. */
export function needsNoSandbox(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0
}
