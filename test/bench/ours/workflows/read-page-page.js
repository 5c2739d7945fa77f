import { readPageIn } from '../read-page-in.js'

export default readPageIn('page', 'read-page-page')
