import { readPageIn } from '../read-page-in.js'

export default readPageIn('context', 'read-page-context')
