import { defineConfig } from 'automate-tui'

// Only what differs from the defaults has to stand here. "automate-tui config" shows every setting, its value and where it comes from;
// a variable of the environment or of .env (AUTOMATE_WORKERS=2) goes before this file.
export default defineConfig({
  // Most workers at once: each is a process with a browser of its own.
  workers: 4,

  // Jobs that are queued again and again.
  // schedules: [{ name: 'nightly', workflow: 'page-title', cron: '30 2 * * *', timeZone: 'Europe/Rome' }],

  // Whom to tell of failures. Secrets stay in .env: TELEGRAM_TOKEN=…
  // notify: { telegram: { tokenEnv: 'TELEGRAM_TOKEN', chat: '-1001234567890' } },

  // What browsers go out through.
  // proxies: ['http://proxy.example:8080'],
})
