import type { reportWords as english } from '../en/report.ts'

/** Texts of the report of one job. */
export const reportWords: typeof english = {
  report: {
    title: (id, workflow) => `Lavoro ${id} (${workflow})`,
    facts: {
      state: 'stato',
      attempts: 'tentativi',
      queued: 'accodato',
      started: 'ultimo avvio',
      ended: 'finito',
      result: 'risultato',
      error: 'errore',
      late: 'rapporti tardivi',
    },
    late: count => `${count}, contati e non applicati`,
    attemptsOf: (attempt, used, retries) =>
      retries === null
        ? `${attempt}, ripetizioni secondo la procedura, quando si potrà caricare`
        : `${attempt}, ripetizioni usate ${used} su ${retries}`,
    worker: (attempt, member, members) => `Tentativo ${attempt}, worker ${member} di ${members}`,
    columns: { phase: 'fase', status: 'esito', took: 'durata', when: 'quando', error: 'errore' },
    stepsLeftOut: count => `… passi precedenti omessi: ${count}`,
    noPhases: 'Nessuna fase è finita.',
    nothingYet: 'Nessun worker di questo lavoro è ancora finito.',
    retry: {
      now: 'Si riprova subito',
      backoff: 'Si riprova dopo una pausa',
      'other-proxy': 'Si riprova con un altro proxy',
      'other-session': 'Si riprova con un nuovo accesso',
      never: 'Non si riprova',
    },
    stack: "Dove è stato lanciato l'errore",
    crash: id => `Rapporto del guasto ${id}`,
    written: when => `Scritto da automate-tui, ${when}.`,
    isIn: file => `Il rapporto è in ${file}`,
  },
}
