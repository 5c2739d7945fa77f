/**
 * Scores of a matched letter: at the start of a word, right after the previous match, or anywhere
 * else.
 */
const WORD_START = 4
const IN_A_ROW = 3
const ANYWHERE = 1

/**
 * Returns a score for how well a name matches the typed text; null if it does not match. The
 * letters must occur in the name in this order, in upper or lower case. A higher score is a better
 * match. An empty text matches every name.
 */
export function fuzzyScore(name: string, typed: string): number | null {
  const letters = Array.from(typed.toLowerCase()).filter(letter => letter !== ' ')
  const text = name.toLowerCase()
  let score = 0
  let place = -1
  for (const letter of letters) {
    const next = bestPlace(text, letter, place)
    if (next === -1) return null
    score += worth(text, next, place)
    place = next
  }
  return score
}

/**
 * Returns the index of the best match for a letter after the index `after`: right after it, else at
 * the next start of a word, else the first occurrence. Returns -1 if the letter does not occur.
 */
function bestPlace(text: string, letter: string, after: number): number {
  if (text.startsWith(letter, after + 1)) return after + 1
  for (let place = text.indexOf(letter, after + 1); place !== -1; place = text.indexOf(letter, place + 1)) {
    if (startsWord(text, place)) return place
  }
  return text.indexOf(letter, after + 1)
}

const startsWord = (text: string, place: number) => place === 0 || /[\s(:/-]/.test(text[place - 1] ?? '')

function worth(text: string, place: number, before: number): number {
  if (startsWord(text, place)) return WORD_START
  return place === before + 1 ? IN_A_ROW : ANYWHERE
}
