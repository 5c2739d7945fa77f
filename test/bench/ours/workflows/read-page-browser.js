import { readPageIn } from '../read-page-in.js'

export default readPageIn('browser', 'read-page-browser')
