/** `npm ci` downloads no browser: scripts/browser finds or gets one when it is first needed. */
module.exports = { skipDownload: true }
