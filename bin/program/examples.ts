import type { Command } from 'commander'

type Example = readonly [line: string, does: string]

/**
 * Examples of each command, which `--help` shows. The tests refuse a command without examples, and
 * an example with an unknown option.
 */
export const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  '': [
    ['automate-tui', 'the console of the project in this folder'],
    ['automate-tui --read-only', 'the same, only to watch'],
    ['automate-tui --no-tui', 'its scheduler in plain lines, for servers: until Ctrl+C'],
    ['automate-tui --no-tui --until-idle --json', 'until nothing is left to do, one JSON object a line'],
    ['automate-tui demo', 'try it, without a project'],
    ['automate-tui init shop', 'a project of your own'],
  ],
  console: [
    ['automate-tui', 'schedule and watch'],
    ['automate-tui --read-only', 'only watch'],
    ['automate-tui --no-tui --json', 'schedule without a screen, one JSON object a line'],
  ],
  demo: [
    ['automate-tui demo', 'in the console'],
    ['automate-tui demo --no-tui --until-idle', 'in plain lines, until its jobs are done'],
    ['automate-tui demo --seed 7 --keep', 'other prices; its project stays to be looked at'],
    ['automate-tui demo --site-only --port 4400', 'its site, for workflows of your own'],
  ],
  run: [
    ['automate-tui run page-title', 'with the defaults of its input'],
    ['automate-tui run page-title --input url=https://example.com', 'with an input'],
    ['automate-tui run page-title --json', 'what it prints as JSON lines'],
  ],
  enqueue: [
    ['automate-tui enqueue page-title --priority 10', 'before others'],
    ['automate-tui enqueue page-title --after 7 --if-failed run', 'when job 7 has ended, however it did'],
    ['automate-tui enqueue page-title --key daily', 'only when none with this key is unfinished'],
  ],
  jobs: [
    ['automate-tui jobs', 'the newest first'],
    ['automate-tui jobs 7', 'one, with its input and result'],
    ['automate-tui jobs --state running --json', 'what runs, for a script'],
  ],
  depend: [['automate-tui depend 9 7 8', 'job 9 waits for the jobs 7 and 8']],
  priority: [
    ['automate-tui priority 7 50', 'job 7 goes before the others'],
    ['automate-tui priority 7 -50', 'and after them'],
  ],
  cancel: [['automate-tui cancel 7', 'whether it runs or waits']],
  retry: [
    ['automate-tui retry 7', 'one job'],
    ['automate-tui retry --all --workflow page-title', 'all of a workflow that failed or are parked'],
  ],
  worker: [
    ['automate-tui worker page-title --headed', 'and see its browser'],
    ['automate-tui worker page-title --input-file input.json --trace', 'with an input; it leaves a trace'],
  ],
  crashes: [
    ['automate-tui crashes', 'all'],
    ['automate-tui crashes 3', 'one: its phase, stack, last lines and files'],
    ['automate-tui crashes 3 --bundle crash.zip', 'a zip without secrets, to hand on'],
  ],
  report: [
    ['automate-tui report 7', 'in data/reports'],
    ['automate-tui report 7 --output job.html', 'where you say'],
  ],
  logs: [
    ['automate-tui logs', "today's lines"],
    ['automate-tui logs -f', 'and those to come'],
  ],
  status: [
    ['automate-tui status', 'the scheduler, its workers and what needs you'],
    ['automate-tui status --json', 'for a script'],
  ],
  services: [
    ['automate-tui services', 'all, and how they do'],
    ['automate-tui services restart notifier', 'one of them anew'],
  ],
  'services start': [['automate-tui services start cron', 'schedules queue jobs again']],
  'services stop': [['automate-tui services stop cron', 'schedules queue nothing; what runs goes on']],
  'services restart': [['automate-tui services restart scheduler', 'after a failure that is mended']],
  autostart: [['automate-tui autostart enable', 'the scheduler starts with the machine']],
  'autostart enable': [
    ['automate-tui autostart enable', 'as a systemd user unit, or a Windows task'],
    ['automate-tui autostart enable --print', 'only show what the system would be told'],
  ],
  'autostart disable': [['automate-tui autostart disable', 'stop it, and never start it by itself again']],
  'autostart status': [['automate-tui autostart status', 'how it does']],
  doctor: [
    ['automate-tui doctor', 'what is wrong, and what to do'],
    ['automate-tui doctor --fix', 'and do what is safe'],
  ],
  config: [
    ['automate-tui config', 'every setting and where its value comes from'],
    ['automate-tui config --workers 2', 'what a flag changes'],
  ],
  db: [['automate-tui db tables', 'what is in it']],
  'db check': [['automate-tui db check', 'its integrity']],
  'db backup': [['automate-tui db backup copy.db', 'also while a scheduler runs']],
  'db restore': [
    ['automate-tui db restore copy.db', 'the present database is set aside'],
    ['automate-tui db restore copy.db --json', 'with the counts of what the backup misses'],
  ],
  'db new': [['automate-tui db new', 'the present database is set aside']],
  'db vacuum': [['automate-tui db vacuum', 'after many jobs were removed']],
  'db tables': [['automate-tui db tables', 'and what may be done in each']],
  'db rows': [
    ['automate-tui db rows jobs --filter state:failed --sort -id --limit 5', 'the last five failures'],
    ['automate-tui db rows jobs --csv', 'all, for a spreadsheet'],
  ],
  'db set': [['automate-tui db set jobs --key id=7 priority=5', 'a job goes before others']],
  'db add': [['automate-tui db add counters name=orders value=0', 'a number that workflows share']],
  'db remove': [['automate-tui db remove counters --key name=orders', 'take it away']],
  sessions: [['automate-tui sessions', 'whose logins are saved']],
  'sessions forget': [['automate-tui sessions forget ann', 'the next job logs in anew']],
  picture: [
    ['automate-tui picture 7', 'of the page that job 7 is on'],
    ['automate-tui picture 7 page.png', 'into a file of your own'],
  ],
  takeover: [['automate-tui takeover', 'who waits for a person, and for what']],
  'takeover pause': [['automate-tui takeover pause 7', 'the worker of job 7 stands still']],
  'takeover close': [['automate-tui takeover close 7', 'its slot is free again']],
  'takeover resume': [['automate-tui takeover resume 7', 'after what it asked for is done']],
  'takeover skip': [['automate-tui takeover skip 7', 'it goes on without']],
  'takeover fail': [['automate-tui takeover fail 7 --reason "no such account"', 'its crash report says why']],
  'takeover answer': [['echo code=123456 | automate-tui takeover answer 7', 'what only a person knows']],
  'takeover click': [['automate-tui takeover click 7 120 80', 'in the pixels of its picture']],
  'takeover type': [['echo hello | automate-tui takeover type 7', 'into the field that has the focus']],
  'takeover press': [['automate-tui takeover press 7 Enter', 'one key']],
  proxies: [['automate-tui proxies', 'how each does']],
  'proxies test': [['automate-tui proxies test --url https://example.com', 'a request through each']],
  notify: [['automate-tui notify', 'how each channel does, and what waits']],
  'notify test': [
    ['automate-tui notify test', 'one message on each'],
    ['automate-tui notify test --channel telegram', 'on this one'],
  ],
  schedules: [['automate-tui schedules', 'their next runs, and what became of the last']],
  'schedules list': [['automate-tui schedules list --json', 'for a script']],
  'schedules add': [
    [
      'automate-tui schedules add nightly page-title --cron "30 2 * * *" --time-zone Europe/Rome',
      'each night',
    ],
    [
      'automate-tui schedules add prices page-title --every 15m --active 08:00-20:00 --jitter 2m',
      'all day long',
    ],
  ],
  'schedules remove': [['automate-tui schedules remove nightly', 'and cancel what has not begun']],
  'schedules pause': [['automate-tui schedules pause nightly', 'until it is resumed']],
  'schedules resume': [['automate-tui schedules resume nightly', 'from now on']],
  'schedules run': [['automate-tui schedules run nightly', 'now, beside its times']],
  'schedules next': [['automate-tui schedules next nightly --count 3', 'when it runs next']],
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
  help: [['automate-tui help schedules add', 'what "automate-tui schedules add --help" says']],
  completion: [
    ['source <(automate-tui completion bash)', 'in ~/.bashrc'],
    ['automate-tui completion fish > ~/.config/fish/completions/automate-tui.fish', 'once'],
  ],
}

/** Adds its examples to the help of every command. */
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

/** Returns the program and all its commands, by the words of their names. */
export function commandsOf(program: Command, path = ''): [path: string, command: Command][] {
  return [
    [path, program],
    ...program.commands.flatMap(command => commandsOf(command, `${path} ${command.name()}`.trim())),
  ]
}
