/** Gathers the values of an option that may be given again and again. */
export const repeated = (value: string, list: readonly string[]): readonly string[] => [...list, value]
