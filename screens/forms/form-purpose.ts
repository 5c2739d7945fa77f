import type { Catalogue } from '../../lib/locales/en.ts'
import { formInput, formProblems } from './form-field.ts'
import { textOf } from '../line.ts'
import { cellProblem } from './row-field.ts'
import { scheduleProblems, scheduleSpec } from './schedule-validation.ts'
import type { OperatorCommand } from '../../lib/app/port/snapshot.ts'
import type { Form } from '../overlays/overlay-state.ts'

const inputOf = ({ fields, lines }: Form) => formInput(fields, lines.map(textOf))

/**
 * Returns the problem of each field, in the operator's language; null for a field without a
 * problem.
 */
export function problemsOf(form: Form, words: Catalogue): readonly (string | null)[] {
  const { purpose, fields } = form
  if ('inputSchema' in purpose) return formProblems(purpose.inputSchema, fields, inputOf(form), words)
  if (purpose.type === 'schedule') return scheduleProblems(purpose, form, words)
  const { name, columns } = purpose.table
  return fields.map((field, index) => {
    const column = columns.find(each => each.name === field.name)
    const text = textAt(form, index)
    // An unchanged text is valid, because in a form for several rows it means that each row keeps
    // its own value.
    const left = purpose.type === 'change' && text === field.initial
    return column === undefined || left ? null : cellProblem(name, column, text, words)
  })
}

const textAt = ({ lines }: Form, index: number): string => {
  const line = lines[index]
  return line === undefined ? '' : textOf(line)
}

/** Returns the command of the form; null if the form changes nothing. */
export function formCommand(form: Form): OperatorCommand | null {
  const { purpose, fields } = form
  if (purpose.type === 'start') {
    return { type: 'job.start', workflow: purpose.workflow, input: inputOf(form) }
  }
  if (purpose.type === 'answer') {
    const { workerId, waitingId } = purpose
    const told = inputOf(form)
    return { type: 'worker.answer', workerId, waitingId, answer: 'resume', reason: '', told }
  }
  if (purpose.type === 'schedule') {
    const { seen } = purpose
    const same = seen !== null && fields.every(({ initial }, index) => textAt(form, index) === initial)
    const replace = seen !== null
    return same ? null : { type: 'schedule.put', schedule: scheduleSpec(purpose, form), replace }
  }
  const typed = fields.flatMap((field, index) => {
    const text = textAt(form, index)
    const left = purpose.type === 'change' && text === field.initial
    return left ? [] : [[field.name, text === '' ? null : text] as const]
  })
  const values = Object.fromEntries(typed)
  const table = purpose.table.name
  if (purpose.type === 'insert') return { type: 'rows.insert', table, values }
  return typed.length === 0 ? null : { type: 'rows.change', table, rows: purpose.rows, values }
}

/** Returns the activity line for the command of the form. */
export function formSaid({ purpose }: Form, { activity }: Catalogue): string {
  switch (purpose.type) {
    case 'start':
      return activity.jobStart(purpose.workflow)
    case 'answer':
      return activity.workerTell(purpose.jobId)
    case 'insert':
      return activity.rowInsert(purpose.table.name)
    case 'change':
      return activity.rowsChange(purpose.rows.length, purpose.table.name)
    case 'schedule':
      return purpose.seen === null ? activity.scheduleMake : activity.scheduleChange(purpose.seen.name)
  }
}

/**
 * Returns the hint about the keys of the form. While the form waits for a reply, returns a text
 * about the command instead.
 */
export function formHint(form: Form, { dialog }: Catalogue): string {
  const { formKeys, formAsked, answerAsked, saving } = dialog
  const asked = form.asked !== null
  if (form.over) return `${formKeys.leave}.`
  switch (form.purpose.type) {
    case 'start':
      return asked ? formAsked : keysHint(form, formKeys, formKeys.start)
    case 'answer':
      return asked ? answerAsked : keysHint(form, formKeys, formKeys.send)
    case 'schedule':
    case 'insert':
    case 'change':
      return asked ? saving : keysHint(form, formKeys, formKeys.save)
  }
}

/** Returns the hint about the keys, without the keys that do nothing in this form. */
function keysHint({ fields }: Form, keys: Catalogue['dialog']['formKeys'], enter: string): string {
  const between = fields.length > 1 ? [keys.field] : []
  const chosen = fields.some(({ kind }) => kind === 'choice') ? [keys.choice] : []
  return `${[...between, ...chosen, enter, keys.leave].join(', ')}.`
}

/** Returns the question above the fields; empty if the title is enough. */
export const formQuestion = ({ purpose }: Form): string => (purpose.type === 'answer' ? purpose.what : '')

/**
 * Returns the title of the form: its purpose, with the name of the workflow, job, table or
 * schedule.
 */
export function formTitle({ purpose }: Form, { dialog }: Catalogue): string {
  switch (purpose.type) {
    case 'start':
      return dialog.formTitle(purpose.workflow)
    case 'answer':
      return dialog.answerTitle(purpose.jobId)
    case 'insert':
      return dialog.insertTitle(purpose.table.name)
    case 'schedule':
      return purpose.seen === null ? dialog.scheduleNewTitle : dialog.scheduleTitle(purpose.seen.name)
    case 'change': {
      const [first, ...others] = purpose.rows
      const { name } = purpose.table
      return first === undefined || others.length > 0
        ? dialog.changeManyTitle(purpose.rows.length, name)
        : dialog.changeTitle(keyWords(first.key), name)
    }
  }
}

/** Returns the key of a row in words: `id 7`. */
export const keyWords = (key: Readonly<Record<string, string | number | null>>): string =>
  Object.entries(key)
    .map(([name, value]) => `${name} ${value ?? '–'}`)
    .join(', ')
