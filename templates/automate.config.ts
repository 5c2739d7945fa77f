import { defineConfig } from 'automate-tui'

// Set only what differs from the defaults. "automate-tui config" shows every setting with its value and source.
// A variable of the environment or of .env (AUTOMATE_WORKERS=2) overrides this file.
export default defineConfig({
  // Maximum number of workers at once. Each worker is a process with its own browser.
  workers: 4,

  // Schedules, which queue jobs at set times.
  // schedules: [{ name: 'nightly', workflow: 'page-title', cron: '30 2 * * *', timeZone: 'Europe/Rome' }],

  // Notifications about failures. Keep secrets in .env: TELEGRAM_TOKEN=…
  // notify: { telegram: { tokenEnv: 'TELEGRAM_TOKEN', chat: '-1001234567890' } },

  // Proxies of the browsers.
  // proxies: ['http://proxy.example:8080'],
})
