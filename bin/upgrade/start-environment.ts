/**
 * Environment at the start of the program. The process environment later gets the variables of
 * `.env` and loses secrets, and a restart must have neither change. Loaded before anything else.
 */
export const START_ENVIRONMENT: Readonly<NodeJS.ProcessEnv> = { ...process.env }
