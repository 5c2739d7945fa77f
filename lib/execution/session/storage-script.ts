/**
 * Maximum number of levels of lists and objects in a record. Each level takes up to three levels of
 * JSON, and a state may have 200 levels of JSON.
 */
const MOST_DEPTH = 50

/**
 * Code that runs in a page to read and write the storage of the page's origin. It is a text,
 * because a compiler of this file must not change code that runs in the page. Values of IndexedDB
 * become JSON with their type. A record with a value that cannot become JSON (a file, a key that
 * may not be exported) is omitted and counted.
 */
const CODEC = `
  const done = r => new Promise((resolve, reject) => { r.onsuccess = () => resolve(r.result); r.onerror = () => reject(r.error) })
  const encode = (v, depth = 0) => {
    if (depth > ${MOST_DEPTH}) throw new Error('too deep')
    const inner = x => encode(x, depth + 1)
    if (v === null || typeof v === 'string' || typeof v === 'boolean') return { v }
    // JSON has neither NaN, the infinities nor a zero below zero.
    if (typeof v === 'number') return isFinite(v) && !Object.is(v, -0) ? { v } : { n: Object.is(v, -0) ? '-0' : String(v) }
    if (typeof v === 'bigint') return { i: String(v) }
    if (v === undefined) return { u: 1 }
    if (v instanceof Date) return isNaN(v) ? { d: 'NaN' } : { d: v.getTime() }
    if (v instanceof ArrayBuffer) return { b: bytes(new Uint8Array(v)), t: kind(v) }
    if (ArrayBuffer.isView(v)) return { b: bytes(new Uint8Array(v.buffer, v.byteOffset, v.byteLength)), t: kind(v) }
    if (v instanceof Map) return { m: Array.from(v, entry => entry.map(inner)) }
    if (v instanceof Set) return { s: Array.from(v, inner) }
    // A hole becomes an undefined value. What stands under a name in a list would be lost, and it may be the key of the record.
    if (Array.isArray(v) && Object.keys(v).every(k => /^[0-9]+$/.test(k))) return { a: Array.from(v, inner) }
    if (Object.getPrototypeOf(v) === Object.prototype) return { o: Object.entries(v).map(([k, x]) => [k, inner(x)]) }
    throw new Error(kind(v))
  }
  const decode = e => 'v' in e ? e.v : 'n' in e ? Number(e.n) : 'i' in e ? BigInt(e.i) : 'd' in e ? new Date(e.d) : 'a' in e ? e.a.map(decode)
    : 'o' in e ? Object.fromEntries(e.o.map(([k, x]) => [k, decode(x)]))
    : 'm' in e ? new Map(e.m.map(entry => entry.map(decode))) : 's' in e ? new Set(e.s.map(decode))
    : 'b' in e ? ofBytes(Uint8Array.from(atob(e.b), c => c.charCodeAt(0)), e.t) : undefined
  const bytes = v => btoa(Array.from(v, x => String.fromCharCode(x)).join(''))
  // A login that an earlier version saved has no kind beside its bytes.
  const ofBytes = (v, type = 'Uint8Array') => type === 'Uint8Array' ? v : type === 'ArrayBuffer' ? v.buffer : new self[type](v.buffer)
  const kind = v => Object.prototype.toString.call(v).slice(8, -1)`

/**
 * Lists the items of local storage with the methods of `Storage.prototype`. As properties they
 * would be incomplete: an item called "key", "length" or "constructor" is no enumerable property,
 * because the prototype has a property of that name.
 */
const ITEMS = `
  const { key, getItem } = Storage.prototype
  const { get: count } = Object.getOwnPropertyDescriptor(Storage.prototype, 'length')
  const items = Array.from({ length: count.call(localStorage) }, (_, i) => key.call(localStorage, i)).map(name => [name, getItem.call(localStorage, name)])`

/** Expression that returns the storage of the page's origin, and that origin, as JSON text. */
export const READ_STORAGE = `(async () => {${CODEC}${ITEMS}
  const databases = []
  const left = { records: 0, kinds: [] }
  const encoded = (key, value) => {
    try {
      return [[encode(key), encode(value)]]
    } catch ({ message }) {
      left.records += 1
      if (!left.kinds.includes(message)) left.kinds.push(message)
      return []
    }
  }
  for (const { name, version } of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name))
    const stores = []
    for (const storeName of db.objectStoreNames) {
      const store = db.transaction(storeName).objectStore(storeName)
      const indexes = Array.from(store.indexNames, n => store.index(n)).map(i => ({ name: i.name, keyPath: i.keyPath, unique: i.unique, multiEntry: i.multiEntry }))
      const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())])
      const records = keys.flatMap((key, i) => encoded(key, values[i]))
      stores.push({ name: storeName, keyPath: store.keyPath, autoIncrement: store.autoIncrement, indexes, records })
    }
    db.close()
    databases.push({ name, version, stores })
  }
  return JSON.stringify({ origin: self.origin, localStorage: items, databases, left })
})()`

/** Returns an expression that restores the origin's storage. `state` is JSON text. */
export const writeStorage = (state: string): string => `(async () => {${CODEC}
  const { localStorage: items, databases } = ${state}
  const { clear, setItem } = Storage.prototype
  clear.call(localStorage)
  for (const [key, value] of items) setItem.call(localStorage, key, value)
  for (const { name, version, stores } of databases) {
    await done(indexedDB.deleteDatabase(name))
    const opening = indexedDB.open(name, version)
    opening.onupgradeneeded = () => {
      for (const { name, keyPath, autoIncrement, indexes } of stores) {
        const store = opening.result.createObjectStore(name, { keyPath, autoIncrement })
        for (const { name, keyPath, unique, multiEntry } of indexes) store.createIndex(name, keyPath, { unique, multiEntry })
      }
    }
    const db = await done(opening)
    for (const { name, keyPath, records } of stores) {
      if (records.length === 0) continue
      const store = db.transaction(name, 'readwrite').objectStore(name)
      await Promise.all(records.map(([key, value]) => done(keyPath === null ? store.put(decode(value), decode(key)) : store.put(decode(value)))))
    }
    db.close()
  }
})()`
