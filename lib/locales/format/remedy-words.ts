import type { Catalogue } from '../en.ts'

/** Returns what a person can do after a crash with an error of this code. */
export function remedyWords(code: string, { remedies }: Pick<Catalogue, 'remedies'>): string {
  return Object.entries(remedies).find(([key]) => key === code)?.[1] ?? remedies.other
}
