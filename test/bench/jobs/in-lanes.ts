/**
 * Runs the jobs 0 to `jobs - 1` in order, `lanes` at a time. Each lane takes the next job as soon
 * as it is free.
 */
export async function inLanes(
  jobs: number,
  lanes: number,
  perform: (job: number, lane: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const work = async (lane: number) => {
    while (next < jobs) {
      const job = next
      next += 1
      await perform(job, lane)
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, jobs) }, (_, lane) => work(lane)))
}
