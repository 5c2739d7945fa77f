/** The page stands alone: no file, no font and no address is loaded from anywhere. */
export const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8883 }
th { font-weight: 600 }
td.time { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
td.bar { width: 30% }
td.bar span { display: block; height: .7rem; margin-top: .4rem; border-radius: 2px; background: #4a90d9; min-width: 2px }
tr.step td { border: 0; opacity: .8; padding-top: 0; padding-bottom: 0 }
tr.step td:first-child { padding-left: 1.5rem }
.failed, .timed-out, .crashed { color: #c0392b }
.done, .succeeded { color: #2e8b57 }
td.bar span.failed, td.bar span.timed-out { background: #c0392b }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #8881; padding: .75rem; border-radius: 4px }
img { max-width: 100%; border: 1px solid #8885 }
footer { margin-top: 2rem; opacity: .7 }
`
