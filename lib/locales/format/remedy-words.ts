import type { Catalogue } from '../en.ts'

/** Returns the remedy for a crash with an error of this code. */
export function remedyWords(code: string, { remedies }: Pick<Catalogue, 'remedies'>): string {
  return Object.entries(remedies).find(([key]) => key === code)?.[1] ?? remedies.other
}
