/**
 * Bonus of a letter that begins a word or follows the letter before. Such a letter is a better
 * match than a letter within a word.
 */
const WORD_START = 4
const IN_A_ROW = 3
const ANYWHERE = 1

/**
 * Returns how well a name matches the typed text. The letters must occur in this order, in upper or
 * lower case; null if they do not. A higher number is better. An empty text matches everything.
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
 * Returns the best place of a letter: right after the last letter, at the next start of a word, or
 * at its first place.
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
