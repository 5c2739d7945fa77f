import type { Command } from 'commander'

type Example = readonly [line: string, does: string]

/**
 * Examples that `--help` shows for each command. A test fails if a command has no examples, or if
 * an example uses an unknown option.
 */
export const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  '': [
    ['automate-tui', 'open the console of the project in this folder'],
    ['automate-tui --read-only', 'watch the running scheduler, without actions'],
    ['automate-tui --no-tui', 'run its scheduler with plain lines, for servers, until Ctrl+C'],
    [
      'automate-tui --no-tui --until-idle --json',
      'run until all jobs are done, and print one JSON object per line',
    ],
    ['automate-tui demo', 'try it without a project'],
    ['automate-tui init shop', 'create your own project'],
  ],
  console: [
    ['automate-tui', 'run the scheduler and watch it'],
    ['automate-tui --read-only', 'watch the running scheduler, without actions'],
    ['automate-tui --no-tui --json', 'run the scheduler without screens, one JSON object per line'],
  ],
  demo: [
    ['automate-tui demo', 'in the console'],
    ['automate-tui demo --no-tui --until-idle', 'with plain lines, until its jobs are done'],
    ['automate-tui demo --seed 7 --keep', 'with other prices, and keep the project'],
    ['automate-tui demo --site-only --port 4400', 'only the site, for your own workflows'],
  ],
  run: [
    ['automate-tui run page-title', 'with the default input'],
    ['automate-tui run page-title --input url=https://example.com', 'with an input'],
    ['automate-tui run page-title --json', 'with JSON lines as output'],
  ],
  enqueue: [
    ['automate-tui enqueue page-title --priority 10', 'before jobs of lower priority'],
    [
      'automate-tui enqueue page-title --after 7 --if-failed run',
      'after the end of job 7, even if it failed',
    ],
    ['automate-tui enqueue page-title --key daily', 'only if no unfinished job has this key'],
  ],
  jobs: [
    ['automate-tui jobs', 'all, newest first'],
    ['automate-tui jobs 7', 'one job, with its input and result'],
    ['automate-tui jobs --state running --json', 'the running jobs, for a script'],
  ],
  depend: [['automate-tui depend 9 7 8', 'job 9 waits for jobs 7 and 8']],
  priority: [
    ['automate-tui priority 7 50', 'job 7 runs before the others'],
    ['automate-tui priority 7 -50', 'job 7 runs after the others'],
  ],
  cancel: [['automate-tui cancel 7', 'whether it waits or runs']],
  retry: [
    ['automate-tui retry 7', 'one job'],
    ['automate-tui retry --all --workflow page-title', 'all failed and parked jobs of a workflow'],
  ],
  worker: [
    ['automate-tui worker page-title --headed', 'with a visible browser'],
    ['automate-tui worker page-title --input-file input.json --trace', 'with an input, and record a trace'],
  ],
  crashes: [
    ['automate-tui crashes', 'all'],
    ['automate-tui crashes 3', 'one crash: its phase, stack, last lines and files'],
    ['automate-tui crashes 3 --bundle crash.zip', 'a zip without secrets, for sharing'],
  ],
  report: [
    ['automate-tui report 7', 'in data/reports'],
    ['automate-tui report 7 --output job.html', 'in a file of your choice'],
  ],
  logs: [
    ['automate-tui logs', "today's lines"],
    ['automate-tui logs -f', "today's lines and all new ones"],
  ],
  status: [
    ['automate-tui status', 'the scheduler, its workers and problems that need you'],
    ['automate-tui status --json', 'for a script'],
  ],
  services: [
    ['automate-tui services', 'all services and their state'],
    ['automate-tui services restart notifier', 'restart one service'],
  ],
  'services start': [['automate-tui services start cron', 'schedules queue jobs again']],
  'services stop': [['automate-tui services stop cron', 'schedules queue nothing; running jobs continue']],
  'services restart': [['automate-tui services restart scheduler', 'after you have fixed a failure']],
  autostart: [['automate-tui autostart enable', 'the scheduler starts with the machine']],
  'autostart enable': [
    ['automate-tui autostart enable', 'as a systemd user unit, or a Windows task'],
    ['automate-tui autostart enable --print', 'print the unit or task, without installing it'],
  ],
  'autostart disable': [
    ['automate-tui autostart disable', 'stop it, and no longer start it with the machine'],
  ],
  'autostart status': [['automate-tui autostart status', 'its state']],
  doctor: [
    ['automate-tui doctor', 'problems and their remedies'],
    ['automate-tui doctor --fix', 'make the safe repairs'],
  ],
  config: [
    ['automate-tui config', 'every setting, with the source of its value'],
    ['automate-tui config --workers 2', 'the effect of a flag'],
  ],
  db: [['automate-tui db tables', 'list its tables']],
  'db check': [['automate-tui db check', 'its integrity']],
  'db backup': [['automate-tui db backup copy.db', 'even while a scheduler runs']],
  'db restore': [
    ['automate-tui db restore copy.db', 'set the present database aside'],
    ['automate-tui db restore copy.db --json', 'with the numbers of rows that the backup lacks'],
  ],
  'db new': [['automate-tui db new', 'set the present database aside']],
  'db vacuum': [['automate-tui db vacuum', 'after the removal of many jobs']],
  'db tables': [['automate-tui db tables', 'with the changes that each allows']],
  'db rows': [
    ['automate-tui db rows jobs --filter state:failed --sort -id --limit 5', 'the last five failures'],
    ['automate-tui db rows jobs --csv', 'all jobs, for a spreadsheet'],
  ],
  'db set': [['automate-tui db set jobs --key id=7 priority=5', 'raise the priority of a job']],
  'db add': [['automate-tui db add counters name=orders value=0', 'add a counter that workflows share']],
  'db remove': [['automate-tui db remove counters --key name=orders', 'remove the counter']],
  sessions: [['automate-tui sessions', 'accounts with a saved login']],
  'sessions forget': [['automate-tui sessions forget ann', 'the next job logs in again']],
  picture: [
    ['automate-tui picture 7', 'the page of job 7'],
    ['automate-tui picture 7 page.png', 'in a file of your choice'],
  ],
  takeover: [['automate-tui takeover', 'workers that wait for a person, and their requests']],
  'takeover pause': [['automate-tui takeover pause 7', 'pause the worker of job 7']],
  'takeover close': [['automate-tui takeover close 7', 'and free its slot']],
  'takeover resume': [['automate-tui takeover resume 7', 'after you have done what it asked for']],
  'takeover skip': [['automate-tui takeover skip 7', 'without doing what it asked for']],
  'takeover fail': [
    ['automate-tui takeover fail 7 --reason "no such account"', 'with a reason for its crash report'],
  ],
  'takeover answer': [
    ['echo code=123456 | automate-tui takeover answer 7', 'send a code that only a person knows'],
  ],
  'takeover click': [['automate-tui takeover click 7 120 80', 'at pixels of its picture']],
  'takeover type': [['echo hello | automate-tui takeover type 7', 'into the focused field']],
  'takeover press': [['automate-tui takeover press 7 Enter', 'press Enter']],
  proxies: [['automate-tui proxies', 'the state of each proxy']],
  'proxies test': [
    ['automate-tui proxies test --url https://example.com', 'send a request through each proxy'],
  ],
  notify: [['automate-tui notify', 'the state of each channel, and waiting messages']],
  'notify test': [
    ['automate-tui notify test', 'send one message through each channel'],
    ['automate-tui notify test --channel telegram', 'only through this channel'],
  ],
  schedules: [['automate-tui schedules', 'next runs and the state of the last runs']],
  'schedules list': [['automate-tui schedules list --json', 'for a script']],
  'schedules add': [
    [
      'automate-tui schedules add nightly page-title --cron "30 2 * * *" --time-zone Europe/Rome',
      'every night',
    ],
    [
      'automate-tui schedules add prices page-title --every 15m --active 08:00-20:00 --jitter 2m',
      'every 15 minutes during the day',
    ],
  ],
  'schedules remove': [
    ['automate-tui schedules remove nightly', 'and cancel its jobs that have not started'],
  ],
  'schedules pause': [['automate-tui schedules pause nightly', 'until it is resumed']],
  'schedules resume': [['automate-tui schedules resume nightly', 'from now on']],
  'schedules run': [['automate-tui schedules run nightly', 'now, in addition to its set times']],
  'schedules next': [['automate-tui schedules next nightly --count 3', 'its next three runs']],
  init: [
    ['automate-tui init shop', 'in a new folder'],
    ['automate-tui init', 'in this folder'],
  ],
  new: [['automate-tui new workflow prices', 'workflows/prices.ts and its test']],
  'new workflow': [['automate-tui new workflow prices', 'workflows/prices.ts and its test']],
  test: [
    ['automate-tui test', 'all tests of the project'],
    ['automate-tui test workflows/page-title.test.ts', 'one file'],
  ],
  help: [['automate-tui help schedules add', 'the same as "automate-tui schedules add --help"']],
  completion: [
    ['source <(automate-tui completion bash)', 'in ~/.bashrc'],
    ['automate-tui completion fish > ~/.config/fish/completions/automate-tui.fish', 'once'],
  ],
}

/** Adds the examples of every command to its help. */
export function showExamples(program: Command): void {
  for (const [path, command] of commandsOf(program)) {
    const examples = EXAMPLES[path] ?? []
    if (examples.length === 0) continue
    command.addHelpText(
      'after',
      `\nExamples:\n${examples.map(([line, does]) => `  ${line}\n      ${does}`).join('\n')}`,
    )
  }
}

/**
 * Returns the program and all its commands, each with its full name, such as `schedules add`. The
 * name of the program itself is empty.
 */
export function commandsOf(program: Command, path = ''): [path: string, command: Command][] {
  return [
    [path, program],
    ...program.commands.flatMap(command => commandsOf(command, `${path} ${command.name()}`.trim())),
  ]
}
