/**
 * The environment at the start of the program. Variables of `.env` are added to that of the process later, and secrets are taken out of it; a restart begins with neither.
 * Loaded before anything else.
 */
export const START_ENVIRONMENT: Readonly<NodeJS.ProcessEnv> = { ...process.env }
