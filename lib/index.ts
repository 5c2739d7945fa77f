/// <reference types="node" preserve="true" />
/** The public API for authors of workflows: `import { defineWorkflow, z } from 'automate-tui'`. */
export { z } from 'zod'
export { defineWorkflow } from './authoring/define-workflow.ts'
export type { PhaseOptions, Workflow } from './authoring/define-workflow.ts'
export type { WorkflowOptions } from './authoring/options/options.ts'
export type { OfferReply, PhaseContext, Step } from './authoring/phase-context.ts'
export type { Counter, SharedMap } from './authoring/shared-values.ts'
export type { Discovery, OnceOptions } from './authoring/discovery.ts'
export type { Human, HumanFieldsOptions, HumanOptions, HumanReply } from './authoring/human.ts'
export type { LoginContext, SessionOptions } from './authoring/options/session-options.ts'
export type { Duration } from './core/time/duration.ts'
export {
  BrowserCrashError,
  ElementError,
  HardFailError,
  NavigateError,
  PhaseTimeoutError,
  ProxyError,
  ResourceLimitError,
  SessionExpiredError,
  WorkflowError,
} from './authoring/errors.ts'
export type { FailureOptions } from './authoring/errors.ts'
export type { RecoveryRules } from './authoring/options/recovery-rules.ts'
export type { ErrorCode } from './core/errors/error-codes.ts'
export type { AutomateError as Failure, Json } from './core/errors/errors.ts'
export type { Recovery } from './core/errors/recovery.ts'
export type { Page } from 'puppeteer'
export { defineConfig } from './config/define-config.ts'
export type { ConfigFile } from './config/define-config.ts'
