export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const
export type Shell = (typeof SHELLS)[number]

/**
 * Completion script of each shell. The script calls the program that is being completed, so that
 * the completions always match its version. If there are no completions, the shell completes file
 * names.
 */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# In ~/.bashrc: source <(automate-tui completion bash)
_automate_tui() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <("$1" complete --current="$2" -- "\${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)
}
complete -o default -F _automate_tui automate-tui
`,
  zsh: `# In ~/.zshrc, after compinit: source <(automate-tui completion zsh)
_automate_tui() {
  local line tab=$'\\t'
  local -a described
  "\${words[1]}" complete --current="\${PREFIX}" -- "\${(@)words[2,CURRENT-1]}" 2>/dev/null | while IFS= read -r line; do
    described+=("\${\${line%%$tab*}//:/\\\\:}:\${line#*$tab}")
  done
  if (( \${#described} )); then _describe automate-tui described; else _files; fi
}
compdef _automate_tui automate-tui
`,
  fish: `# automate-tui completion fish > ~/.config/fish/completions/automate-tui.fish
function __automate_tui
  set -l said (commandline -opc)
  set -l current (commandline -ct)
  set -l found ($said[1] complete --current="$current" -- $said[2..-1] 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path "$current"
  end
end
complete -c automate-tui -f -a '(__automate_tui)'
`,
  powershell: `# In the file that $PROFILE names: automate-tui completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName @('automate-tui', 'automate-tui.cmd', 'automate-tui.ps1') -ScriptBlock {
  param($current, $line, $cursor)
  $said = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursor } | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  # Quoted, since a bare -- never arrives where npm has made a .ps1 of the program.
  & automate-tui complete "--current=$current" '--' @said 2>$null | ForEach-Object {
    $value, $about = $_ -split "\`t", 2
    if (-not $about) { $about = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
  }
}
`,
}
