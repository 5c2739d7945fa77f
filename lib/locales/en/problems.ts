/** Why what somebody typed cannot be used. */
export const problemsWords = {
  required: 'This is required.',
  wrong: 'This value does not fit.',
  kind: {
    text: 'This must be text.',
    integer: 'This must be a whole number.',
    number: 'This must be a number.',
    instant: 'This must be a time, such as 2026-11-25 14:30.',
    json: 'This must be JSON.',
    sealed: 'This cannot be typed.',
  },
  type: {
    string: 'This must be text.',
    number: 'This must be a number.',
    int: 'This must be a whole number.',
    boolean: 'This must be true or false.',
    array: 'This must be a list, such as ["a", "b"].',
    object: 'This must be an object, such as {"a": 1}.',
    other: (type: string) => `This must be of the type ${type}.`,
  },
  least: {
    characters: (count: number) => `This needs at least ${count} characters.`,
    items: (count: number) => `This needs at least ${count} entries.`,
    value: (least: number) => `This must be ${least} or more.`,
    exclusive: (least: number) => `This must be more than ${least}.`,
  },
  most: {
    characters: (count: number) => `This may have at most ${count} characters.`,
    items: (count: number) => `This may have at most ${count} entries.`,
    value: (most: number) => `This must be ${most} or less.`,
    exclusive: (most: number) => `This must be less than ${most}.`,
  },
  oneOf: (values: string) => `This must be one of: ${values}.`,
  format: (format: string) => `This must be written as: ${format}.`,
  pattern: (pattern: string) => `This must fit ${pattern}.`,
  multipleOf: (divisor: number) => `This must be a multiple of ${divisor}.`,
  unknownKeys: (keys: string) => `Nobody knows: ${keys}.`,
}
