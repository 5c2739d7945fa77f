import { pluralFor } from '../plural.ts'
import { proxyFault } from './proxy-fault.ts'

const plural = pluralFor('en-GB')

/**
 * Texts of `automate-tui doctor`: the name of each check, its results, and for each problem one
 * sentence about the remedy.
 */
export const doctorWords = {
  names: {
    node: 'Node',
    browser: 'Browser',
    sandbox: 'Sandbox',
    fonts: 'Fonts',
    'shared-memory': 'Shared memory',
    limits: 'Limits',
    terminal: 'Terminal',
    'kernel-lock': 'Kernel lock',
    clock: 'Clock',
    configuration: 'Configuration',
    workflows: 'Workflows',
    proxies: 'Proxies',
    notify: 'Messages',
    folders: 'Folders',
    space: 'Disk space',
    owner: 'Owner',
    database: 'Database',
    leftovers: 'Leftovers',
  },
  status: { ok: 'ok', warning: 'warning', problem: 'PROBLEM' },
  checking: (name: string) => `checking: ${name}`,
  repaired: (what: string) => `repaired: ${what}`,
  allWell: 'All is well.',
  sum: (problems: string, warnings: string) => `${problems}, ${warnings}.`,
  problems: plural({ one: '# problem', other: '# problems' }),
  warnings: plural({ one: '# warning', other: '# warnings' }),
  tryFix: 'Run "automate-tui doctor --fix" for the repairs without risk.',
  noProject: 'There is no project here: only the machine is checked.',
  failed: (why: string) => `the check itself failed: ${why}`,
  unwritable: 'not checked, because the project cannot be written here',
  unwritableRemedy: 'See "Folders" for the remedy.',
  untrusted: 'not checked: the project is not trusted',
  untrustedRemedy: 'Follow the remedy of "Configuration", then run doctor again.',
  failedRemedy: 'Run it again; if it fails again, report it with this line.',
  node: {
    good: (version: string) => version,
    old: (version: string, needed: string) => `${version} is older than ${needed}`,
    oldRemedy: 'Install a newer Node from nodejs.org.',
  },
  browser: {
    good: (version: string, path: string, duration: string) =>
      `${version} shows a page after ${duration} (${path})`,
    none: 'no Chrome, Chromium or Edge was found',
    fetched: (path: string) => `fetched a browser: ${path}`,
    broken: (why: string) => `it does not work: ${why}`,
    brokenRemedy: 'Install its missing libraries or another browser, and name it with AUTOMATE_BROWSER.',
  },
  sandbox: {
    good: 'web pages are kept in the sandbox of the browser',
    root: 'root cannot have the sandbox, so that a malicious page could reach this whole machine',
    rootRemedy: 'Run automate-tui as an ordinary user.',
    argument:
      '"browserArgs" turns the sandbox off, so that a malicious page could reach everything that this user can',
    argumentRemedy: 'Remove --no-sandbox from "browserArgs".',
    required: (why: string) => `${why}; no browser starts, because the setting "sandbox" is "required"`,
    restricted: (setting: string) => `this system forbids it to ordinary programs (${setting})`,
    restrictedRemedy: (setting: string) =>
      `Allow it with "sudo sysctl -w ${setting}", or install Google Chrome's own package, which includes the permission.`,
  },
  fonts: {
    good: 'pages show Latin and East Asian letters',
    none: 'pages show boxes instead of letters',
    noneRemedy: 'Install fonts, on Debian with "sudo apt-get install fonts-liberation".',
    noEastAsian: 'pages show boxes instead of Chinese, Japanese and Korean letters',
    noEastAsianRemedy: 'Install such fonts, on Debian with "sudo apt-get install fonts-noto-cjk".',
    noBrowser: 'not checked, because no browser works',
    noBrowserRemedy: 'Repair the browser first.',
  },
  sharedMemory: {
    notNeeded: 'this system has no separate limit for it',
    good: (folder: string, free: string) => `browsers share memory in ${folder}, where ${free} are free`,
    small: (folder: string, free: string) =>
      `browsers share memory in ${folder}, and only ${free} are free there`,
    smallRemedy:
      'Free space there or run fewer workers. If it is the temporary folder, TMPDIR can name one on a larger disk.',
  },
  limits: {
    good: (files: string, threads: string) => `${files} files per process, ${threads} threads`,
    notNeeded: 'this system sets no relevant limits',
    unlimited: 'unlimited',
    files: (limit: number, needed: number) =>
      `a process may open ${limit} files, and a browser needs up to ${needed}`,
    filesRemedy: 'Raise the limit: "ulimit -n 4096", or LimitNOFILE=4096 in the systemd unit.',
    threads: (limit: number, workers: number, needed: number) =>
      `you may have ${limit} threads, and ${workers} workers with their browsers need up to ${needed}`,
    threadsRemedy:
      'Raise the limit ("ulimit -u", TasksMax= in the systemd unit, --pids-limit of the container), or set fewer workers.',
    watches: (limit: number) => `only ${limit} files can be watched for changes`,
    watchesRemedy: 'Raise the limit with "sudo sysctl -w fs.inotify.max_user_watches=65536".',
    watchesUsed: (name: string) =>
      `the limit ${name} is used up, so changes of files are noticed some seconds later`,
    watchesUsedRemedy: (command: string) => `Raise the limit with "${command}", and restart the scheduler.`,
  },
  terminal: {
    good: (columns: number, rows: number, colours: string) => `${columns}×${rows}, ${colours}, UTF-8`,
    colours: plural({ one: '# colour', other: '# colours' }),
    none: 'no terminal here: commands print plain lines',
    dumb: 'TERM is "dumb": plain lines replace the screens',
    dumbRemedy: 'Set TERM to the type of your terminal, such as xterm-256color.',
    small: (columns: number, rows: number) =>
      `${columns}×${rows} is smaller than the 40×10 that the console needs`,
    smallRemedy: 'Make the window larger.',
    fewColours: (colours: string) => `only ${colours}`,
    fewColoursRemedy:
      'Set TERM to xterm-256color if your terminal has more, or press t in the console for no colours.',
    notUtf8: 'not set to UTF-8, so borders and names may be unreadable',
    notUtf8Remedy: 'Set LANG to C.UTF-8, or start the console with --ascii.',
  },
  kernelLock: {
    good: 'the database is locked by the kernel: the lock ends with its process, even if the process is killed',
    missing: (why: string) => `a lock file is used instead: ${why}`,
    missingRemedy:
      'Run "npm ci" again on this machine; until then wait 10 s between a killed console and the next.',
    refused: (why: string) => `the project's disk cannot lock files: ${why}`,
    refusedRemedy: 'Move the project to a local disk.',
  },
  clock: {
    good: (time: string, zone: string) => `${time}, ${zone}`,
    past: (time: string) => `the clock says ${time}, before this program was built`,
    back: (file: string, time: string) => `${file} was written in the future, at ${time}`,
    remedy: 'Set the clock, and turn on its synchronisation (timedatectl set-ntp true).',
  },
  configuration: {
    good: 'every setting is valid',
    remedy: 'Correct it there; "automate-tui config" shows every setting and where it comes from.',
    trustRemedy: 'Until then nothing in the project is loaded, checked or repaired.',
  },
  workflows: {
    good: plural({ one: '# workflow can be used', other: '# workflows can be used' }),
    none: (folders: string) => `there are none in ${folders}`,
    noneRemedy: 'Put a workflow module there, or name other folders with the setting "workflows".',
    brokenRemedy: 'Correct the file; "automate-tui worker <workflow>" runs one by itself.',
    unknown: 'not checked, because the configuration is not valid',
    unknownRemedy: 'Correct the configuration first.',
  },
  proxies: {
    none: 'none are set: browsers connect directly',
    good: (tried: number, all: number) =>
      tried === all
        ? `${all} of ${all} admit this machine`
        : `the first ${tried} of ${all} admit this machine`,
    someRemedy:
      'Jobs use the others; correct or remove these in "proxies", and see "automate-tui proxies test".',
    allRemedy:
      'Jobs that need a proxy wait until one works: correct "proxies" (address, user name, password), and see "automate-tui proxies test".',
    fault: proxyFault,
    unreadableRemedy: 'Correct it there: jobs wait until the proxies can be read.',
    unknown: 'not checked, because the configuration is not valid',
    unknownRemedy: 'Correct the configuration first.',
  },
  notify: {
    none: 'no channel is set: failures are only shown in the console',
    good: (channels: string) => `reached: ${channels}`,
    remedy:
      'Messages wait until the channel responds: check the connection, then try "automate-tui notify test".',
    channels: { telegram: 'Telegram', webhook: 'webhook', heartbeat: 'heartbeat' },
    unknown: 'not checked, because the configuration is not valid',
    unknownRemedy: 'Correct the configuration first.',
  },
  folders: {
    good: 'data and logs can be written and are yours alone, and so are files of secrets',
    unwritable: (folder: string, why: string) => `${folder} cannot be written: ${why}`,
    unwritableRemedy: (user: string) =>
      `Make it yours ("sudo chown -R ${user}" on it), or run automate-tui as its owner.`,
    diskRemedy:
      'Check that its disk works, has room, is not mounted read-only, and that no quota is used up.',
    dangling: (folder: string, target: string) =>
      `${folder} is a link to ${target}, which does not exist or cannot be reached`,
    danglingRemedy: 'Mount its disk, or remove the link.',
    foreign: (link: string, uid: number) =>
      `${link} is a link that uid ${uid} made to a place of another user: nothing behind the link is removed or changed`,
    foreignRemedy: (link: string) => `Remove the link ("rm ${link}"); if you need it, make it yourself.`,
    open: (folders: string) => `other users can read ${folders}, which hold results and cookies`,
    openRemedy: (folders: string) => `Run "chmod go= ${folders}", or let doctor --fix do it.`,
    openFiles: (files: string) => `other users can read ${files}, which hold secrets`,
    openFilesRemedy: (files: string) => `Run "chmod 600 ${files}", or let doctor --fix do it.`,
    unusableKey: (file: string, why: string) =>
      `${file}, the key of saved logins, cannot be read: ${why}. Jobs that log in fail`,
    rootKeyRemedy: `Set HOME to root's own folder, as "sudo -H" does, or run automate-tui as that user.`,
    unusableKeyRemedy: (user: string, folder: string) =>
      `Run "sudo chown -R ${user} ${folder}" to make it yours.`,
    openKey: (file: string) => `other users can read or write ${file}, the key of saved logins`,
    openKeyRemedy: (file: string) => `Run "chmod 600 ${file}", or let doctor --fix do it.`,
    closed: (folders: string) => `closed ${folders} to others`,
    readable: (folder: string, accounts: string) => `${accounts} can read ${folder}`,
    changeable: (folder: string, accounts: string) =>
      `${accounts} can change ${folder}, and with it what runs as you`,
    closeRemedy:
      'Run "automate-tui doctor --fix", which restricts data, logs and files of secrets to you, SYSTEM and the administrators.',
    rootRemedy: (command: string) => `Run "${command}", or move the project into your user folder.`,
  },
  space: {
    good: (free: string) => `${free} free`,
    low: (free: string) => `only ${free} are free`,
    remedy: 'Free space: old folders of logs/ can be deleted.',
  },
  owner: {
    nobody: 'no process has the project open',
    scheduler: (pid: number, since: string) => `process ${pid} is the scheduler, since ${since}`,
    transient: (pid: number) => `process ${pid} has it open for a moment`,
    stale: (pid: number) => `process ${pid}, which has ended, is still recorded as the owner`,
    staleRemedy: 'The next start takes over by itself; doctor --fix removes the record.',
    removed: 'removed the record of an ended owner',
  },
  database: {
    none: 'there is none yet',
    good: (size: string) => `${size}, intact`,
    busy: 'not checked, because another process just opened it',
    busyRemedy: 'Run doctor again.',
    damaged: (why: string) => `it is damaged: ${why}`,
    damagedRemedy: (file: string) =>
      `Restore a backup with "automate-tui db restore <file>", or start with an empty database with "automate-tui db new". To rescue its contents: sqlite3 "${file}" .recover | sqlite3 "${file}.rescued", then restore that file.`,
    missing: (copy: string) => `it is missing, and ${copy} was set aside: the scheduler does not start`,
    missingRemedy:
      'Restore a backup with "automate-tui db restore <file>", or start with an empty database with "automate-tui db new".',
    unusable: (why: string) => why,
    unusableRemedy: 'Nothing was changed; follow what the line says.',
  },
  leftovers: {
    none: 'none',
    found: (profiles: string, locks: string) => `${profiles} and ${locks} of ended processes`,
    profiles: plural({ one: '# profile folder', other: '# profile folders' }),
    locks: plural({ one: '# lock of a port', other: '# locks of ports' }),
    remedy: 'A running scheduler removes them gradually; doctor --fix removes them now.',
    stuck: (count: string, name: string, why: string) =>
      `${count} could not be removed, such as ${name}: ${why}`,
    stuckRemedy: 'Close the programs that use them, or delete them by hand from data/profiles.',
    removed: (profiles: string, locks: string) => `removed ${profiles} and ${locks}`,
  },
}

export type DoctorWords = typeof doctorWords
