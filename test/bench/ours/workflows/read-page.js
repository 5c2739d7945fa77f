import { readPageIn } from '../read-page-in.js'

export default readPageIn('process', 'read-page')
