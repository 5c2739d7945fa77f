import t from 'tap'
import { ProxyAuthState } from '../../../lib/execution/auth/proxy-auth-state.ts'

/** Adds two pages of one context and one page of another context. */
function twoContexts(): ProxyAuthState {
  const proof = new ProxyAuthState()
  proof.targetCreated('page 1', 'A')
  proof.targetCreated('page 2', 'A')
  proof.targetCreated('page 3', 'B')
  return proof
}

t.test('each context needs credentials until one of its responses has come through the proxy', async t => {
  const proof = twoContexts()
  t.equal(proof.needed(0), true)
  proof.passed('r1', 'page 1')
  t.equal(proof.needed(0), true)
  proof.passed('r2', 'page 3')
  t.equal(proof.needed(0), false)
  proof.targetCreated('page 4', 'C')
  t.equal(proof.needed(0), true)
  proof.targetDestroyed('page 4')
  t.equal(proof.needed(0), false, 'a context without pages needs none')
})

t.test('waits for a request from before the proof, because it may still be challenged', async t => {
  const proof = twoContexts()
  proof.passed('b', 'page 3')
  proof.requestBegan('early', 'page 1', 0)
  proof.requestBegan('first', 'page 2', 0)
  proof.passed('first', 'page 2')
  t.equal(proof.needed(1), true)
  proof.requestBegan('late', 'page 1', 1)
  proof.ended('early', 'page 1')
  t.equal(proof.needed(1), false, 'a request after the proof carries the credentials')
})

t.test('does not wait forever for a request that never reports its end', async t => {
  const proof = new ProxyAuthState()
  proof.targetCreated('page', 'A')
  proof.requestBegan('cancelled', 'page', 0)
  proof.requestBegan('first', 'page', 0)
  proof.passed('first', 'page')
  t.equal(proof.needed(29_999), true)
  t.equal(proof.needed(30_000), false)
})

t.test('a frame of an unknown target proves nothing, and a doubt restarts the proof', async t => {
  const proof = new ProxyAuthState()
  proof.targetCreated('page', 'A')
  proof.passed('r', 'frame in the page')
  t.equal(proof.needed(0), true)
  proof.passed('r', 'page')
  t.equal(proof.needed(0), false)
  proof.invalidate()
  t.equal(proof.needed(0), true)
})
