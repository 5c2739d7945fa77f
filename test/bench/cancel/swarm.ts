/** Swarm as large as the console's usual limit of browsers on a desktop. */
export const SWARM = 10
