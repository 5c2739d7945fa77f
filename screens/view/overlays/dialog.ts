import { keyWords } from '../../forms/form-purpose.ts'
import { optionsOf } from '../../overlays/dialogs.ts'
import { deadJobs, runningJobs } from '../../selection.ts'
import type { Dialog, KillQuestion } from '../../overlays/overlay-state.ts'
import { BOX_BORDERS, BOX_SIDES, boxRegion } from '../drawing/box.ts'
import type { Page } from '../page.ts'
import type { Region, Row } from '../drawing/row.ts'
import { fitRow, highlighted } from '../drawing/row.ts'
import { cut, wrap } from '../drawing/text.ts'

const WIDEST = 64

/** Returns a dialog: a box over everything, with one choice a line. */
export function dialogRegion(page: Page, dialog: Dialog): Region {
  const { columns, rows } = page.size
  const width = Math.min(WIDEST, columns)
  const inner = Math.max(1, width - BOX_SIDES)
  const { words } = page.t
  const options = optionsOf(page.state, dialog)
  const asked = wrap(question(page, dialog), inner).map((line): Row => [page.span(line, 'title')])
  const detail = detailOf(page, dialog, inner)
  const answers = options.map(({ label, hint }, index) =>
    answer(page, label, hint, index === dialog.choice, inner),
  )
  const room = rows - BOX_BORDERS - asked.length - answers.length
  const spaced = room >= detail.length + 4
  const gap: Row[] = spaced ? [[]] : []
  const hint = wrap(words.dialog.choose, inner).map((line): Row => [page.span(line, 'muted')])
  const before = [...asked, ...(room >= detail.length ? detail : []), ...gap]
  const after = [...gap, ...(spaced || room >= detail.length + hint.length ? hint : [])]
  const content = [...before, ...answers, ...after]
  const region = boxRegion(page, title(page, dialog), content, WIDEST)
  options.forEach((_, index) => {
    const target = { type: 'option', index } as const
    const { left, top } = region
    page.hits.push({ left, width, top: top + 1 + before.length + index, height: 1, target })
  })
  return region
}

function title(page: Page, dialog: Dialog): string {
  const {
    exportTitle,
    removeTitle,
    markedTitle,
    cancelTitle,
    killTitle,
    failTitle,
    quitTitle,
    retryDeadTitle,
  } = page.t.words.dialog
  const titles = {
    cancel: cancelTitle,
    kill: killTitle,
    fail: failTitle,
    quit: quitTitle,
    'retry-dead': retryDeadTitle,
    marked: markedTitle,
    'remove-rows': removeTitle,
    'remove-schedule': removeTitle,
    export: exportTitle,
    restart: page.t.words.dialog.restartTitle,
  }
  return titles[dialog.type]
}

function question(page: Page, dialog: Dialog): string {
  const { cancelQuestion, failQuestion, quitQuestion, quitIdle, retryDeadQuestion } = page.t.words.dialog
  if (dialog.type === 'restart') return page.t.words.dialog.restartQuestion(dialog.version)
  if (dialog.type === 'fail') return failQuestion(dialog.jobId)
  if (dialog.type === 'cancel') return cancelQuestion(dialog.jobId, dialog.workflow)
  if (dialog.type === 'kill') return killed(page, dialog)
  if (dialog.type === 'retry-dead') return retryDeadQuestion(deadJobs(page.state))
  if (dialog.type === 'remove-rows') return removeQuestion(page, dialog)
  if (dialog.type === 'remove-schedule') return page.t.words.dialog.removeSchedule(dialog.name)
  if (dialog.type === 'export') return page.t.words.dialog.exportQuestion(dialog.rows, dialog.table)
  if (dialog.type === 'marked') {
    const { cancelMarked, retryMarked } = page.t.words.dialog
    return (dialog.verb === 'cancel' ? cancelMarked : retryMarked)(dialog.ids.length)
  }
  const running = runningJobs(page.state)
  return running === 0 ? quitIdle : quitQuestion(running)
}

function killed(page: Page, { jobIds, workflow, siblings }: KillQuestion): string {
  const { killMany, killOne, killQuestion } = page.t.words.dialog
  const [id, ...others] = jobIds
  if (id === undefined || others.length > 0) return killMany(jobIds.length)
  return siblings > 0 ? killOne(id, workflow) : killQuestion(id, workflow)
}

function removeQuestion(page: Page, { table, keys }: Extract<Dialog, { type: 'remove-rows' }>): string {
  const { removeMany, removeOne } = page.t.words.dialog
  const [first, ...others] = keys
  return first === undefined || others.length > 0
    ? removeMany(keys.length, table)
    : removeOne(keyWords(first), table)
}

function detailOf(page: Page, dialog: Dialog, width: number): Row[] {
  return wrap(detailText(page, dialog), width).map(line => [page.span(line)])
}

function detailText(page: Page, dialog: Dialog): string {
  const { cancelDetail, drainQueued, failDetail, removeDetail, retryDeadDetail } = page.t.words.dialog
  switch (dialog.type) {
    case 'quit':
      return drainQueued
    case 'restart':
      return page.t.words.dialog.restartDetail
    case 'marked':
      return dialog.left > 0 ? page.t.words.dialog.markedLeft(dialog.left) : ''
    case 'fail':
      return failDetail
    case 'kill':
      return dialog.siblings > 0
        ? page.t.words.dialog.killOneDetail
        : page.t.words.dialog.killDetail(dialog.parts.length)
    case 'remove-schedule':
      return page.t.words.dialog.removeScheduleDetail
    case 'remove-rows':
      return removeDetail
    case 'export': {
      const { filter } = page.state.database
      const { exportFilter, exportWhole } = page.t.words.dialog
      return filter === '' ? exportWhole : `${exportFilter(filter)} ${exportWhole}`
    }
    case 'retry-dead':
      return retryDeadDetail
    case 'cancel':
      return dialog.workers > 0 ? cancelDetail(dialog.workers) : ''
  }
}

function answer(page: Page, label: string, hint: string, chosen: boolean, width: number): Row {
  const row = [
    page.span(chosen ? '› ' : '  ', 'key'),
    page.span(label, chosen ? 'title' : 'text'),
    page.span(hint === '' ? '' : cut(`  ${hint}`, Math.max(0, width - label.length - 2)), 'muted'),
  ]
  const fitted = fitRow(row, width, page.style('text'))
  return chosen ? highlighted(fitted, page.style('selected')) : fitted
}
