import { redactorOf } from '../../../lib/core/text/redact.ts'
import type { CrashNotification, FailedPlace } from '../../../lib/model/notify/notification.ts'
import { translatorFor } from '../../../lib/locales/translator.ts'
import type { NoticeWording } from '../../../lib/notify/notice-text.ts'

export const WORDING: NoticeWording = {
  t: translatorFor('en', 'UTC'),
  project: 'shop',
  redact: redactorOf(['hunter2hunter2']),
}

export function failedPlace(change: Partial<FailedPlace> = {}): FailedPlace {
  return {
    ...{ jobId: 7, attempt: 1, member: 1, members: 1, workflow: 'wine', workerId: 'w1' },
    phase: '4/6 add_step: button Add to cart',
    ...change,
  }
}

export function crashNotice(change: Partial<CrashNotification> = {}): CrashNotification {
  return {
    ...{ kind: 'crash', state: 'new', count: 1, total: 1, since: 1_000, more: 0, crashId: 3 },
    error: { name: 'ElementError', code: 'element', message: 'No button' },
    frame: null,
    places: [failedPlace()],
    screenshot: null,
    mayRepeat: false,
    ...change,
  }
}
