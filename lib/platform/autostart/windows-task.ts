import type { ServiceCommand } from './service-command.ts'

/**
 * A task of the Windows task scheduler, as XML: it starts when the user logs on, is started again when it ends with an error, and is never stopped for its length. Ending it kills the
 * scheduler: its jobs go on with the next one.
 */
export function windowsTask({ root, command }: ServiceCommand, user: string): string {
  const [program, ...args] = command
  const tag = (name: string, text: string) => `<${name}>${escaped(text)}</${name}>`
  return [
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    `  <RegistrationInfo>${tag('Description', `automate-tui in ${root}`)}</RegistrationInfo>`,
    `  <Triggers><LogonTrigger><Enabled>true</Enabled>${tag('UserId', user)}</LogonTrigger></Triggers>`,
    `  <Principals><Principal id="Author">${tag('UserId', user)}<LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel></Principal></Principals>`,
    '  <Settings>',
    '    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
    '    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>',
    '    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>',
    '    <StartWhenAvailable>true</StartWhenAvailable>',
    '    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>',
    '    <RestartOnFailure><Interval>PT1M</Interval><Count>999</Count></RestartOnFailure>',
    '    <Enabled>true</Enabled>',
    '  </Settings>',
    '  <Actions Context="Author">',
    `    <Exec>${tag('Command', program)}${tag('Arguments', args.map(windowsArgument).join(' '))}${tag('WorkingDirectory', root)}</Exec>`,
    '  </Actions>',
    '</Task>',
    '',
  ].join('\r\n')
}

/** A word as programs of Windows take their command line apart: in quotes, with backslashes doubled where they stand before one. */
export function windowsArgument(word: string): string {
  return `"${word.replaceAll(/(?<!\\)(\\*)"/g, '$1$1\\"').replace(/(?<!\\)(\\+)$/, '$1$1')}"`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
