import process from 'node:process'

process.send('ready', () => process.disconnect())
