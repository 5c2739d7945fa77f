/**
 * Page with a task for a person: a large button, and a field below it. Positions are in the page's
 * pixels.
 */
export const PERSON_PAGE = `<!doctype html><title>For a person</title>
<style>
  body { margin: 0; background: #fff }
  button { position: absolute; left: 200px; top: 100px; width: 400px; height: 200px; background: #c00; border: 0 }
  input { position: absolute; left: 200px; top: 500px; width: 400px; height: 100px; background: #00c }
</style>
<button onclick="this.textContent = 'pressed'; this.style.background = '#0c0'; this.id = 'done'">press me</button>
<input id="field">`

/** Point inside the button, next to its text. */
export const CORNER = { x: 210, y: 110 } as const
export const BUTTON = { x: 400, y: 200 } as const
export const FIELD = { x: 400, y: 550 } as const
