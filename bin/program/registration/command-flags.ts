import type { ProjectFlags } from '../../../lib/app/project/project.ts'
import type { ExitCode } from '../../exit-code.ts'

/** Ends the process with the exit code of its command. */
export type End = (code: ExitCode) => void

/** Flags that every command has. */
export type CommandFlags = ProjectFlags & { readonly json: boolean }
