// A forked process with a browser of its own and nothing else: what any process-per-job design pays at least.
// Plain JavaScript, because the product ships compiled and a baseline must not pay for stripping types.
// argv: the launch options as JSON. Sends "ready"; on a URL goes there and sends title and links; on "stop" closes and ends.
import process from 'node:process'
import puppeteer from 'puppeteer'

const browser = await puppeteer.launch(JSON.parse(process.argv[2]))
const [first] = await browser.pages()
const page = first ?? (await browser.newPage())

let stopping = false
process.on('message', async message => {
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
