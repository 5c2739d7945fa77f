/**
 * Environment variables at the start of the program. Variables of `.env` are added to the process
 * environment later, and secrets are removed from it. A restart must have neither change. This
 * module must be loaded before all others.
 */
export const START_ENVIRONMENT: Readonly<NodeJS.ProcessEnv> = { ...process.env }
