import { createPageServer } from './page-server.ts'

const server = createPageServer()
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address !== 'string')
    process.send?.({ kind: 'listening', port: address.port })
})
process.on('disconnect', () => {
  server.close()
  server.closeAllConnections()
})
