// A forked process with a browser of its own and nothing else: what any process-per-job design pays at least.
// Plain JavaScript, because the product ships compiled and a baseline must not pay for stripping types.
// argv: the launch options as JSON. Sends "ready"; on a URL goes there and sends title and links; on "stop" closes and ends, on "kill" kills the browser and ends.
import process from 'node:process'
import puppeteer from 'puppeteer'

const browser = await puppeteer.launch(JSON.parse(process.argv[2]))
const [first] = await browser.pages()
const page = first ?? (await browser.newPage())

let stopping = false
function killBrowser(child) {
  // With a group of its own, where there are groups.
  if (process.platform === 'win32') child.kill('SIGKILL')
  else process.kill(-child.pid, 'SIGKILL')
}

process.on('message', async message => {
  if (message === 'kill') {
    stopping = true
    const child = browser.process()
    child.once('exit', () => process.disconnect())
    killBrowser(child)
    return
  }
  if (message === 'stop') {
    stopping = true
    await browser.close()
    process.disconnect()
    return
  }
  try {
    await page.goto(message)
    const links = await page.evaluate('[...document.links].map(link => link.href)')
    process.send({ title: await page.title(), links })
  } catch (error) {
    // Closing the browser breaks off a navigation that is under way.
    if (!stopping) throw error
  }
})
// Also when the one who forked it has died; the browser on its pipe goes with it.
process.on('disconnect', () => process.exit())
process.send('ready')
