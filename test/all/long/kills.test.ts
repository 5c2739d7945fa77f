import { LONG_FORM } from '../../helpers/long-form.ts'
import { runTogether } from '../../helpers/run-together.ts'

process.env[LONG_FORM] = '1'
await runTogether('journeys/kills')
