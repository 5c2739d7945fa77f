/** Levels of lists and objects in a record. Each takes up to three levels of JSON, of which a state may have 200. */
const MOST_DEPTH = 50

/**
 * What runs in a page of an origin to read and write its storage. As text, because it runs there and not here: whatever compiles this file must not touch it.
 * Values of IndexedDB become JSON with their kind beside them; a record that holds anything else (a file, a key that may not leave) is left out.
 */
const CODEC = `
  const done = r => new Promise((resolve, reject) => { r.onsuccess = () => resolve(r.result); r.onerror = () => reject(r.error) })
  const encode = (v, depth = 0) => {
    if (depth > ${MOST_DEPTH}) throw new Error('too deep')
    const inner = x => encode(x, depth + 1)
    if (v === null || typeof v === 'string' || typeof v === 'boolean' || (typeof v === 'number' && isFinite(v))) return { v }
    if (v === undefined) return { u: 1 }
    if (v instanceof Date) return { d: v.getTime() }
    if (v instanceof Uint8Array) return { b: btoa(Array.from(v, x => String.fromCharCode(x)).join('')) }
    // A hole becomes an undefined value. What stands under a name in a list would be lost, and it may be the key of the record.
    if (Array.isArray(v) && Object.keys(v).every(k => /^[0-9]+$/.test(k))) return { a: Array.from(v, inner) }
    if (Object.getPrototypeOf(v) === Object.prototype) return { o: Object.entries(v).map(([k, x]) => [k, inner(x)]) }
    throw new Error('not plain')
  }
  const decode = e => 'v' in e ? e.v : 'd' in e ? new Date(e.d) : 'a' in e ? e.a.map(decode)
    : 'o' in e ? Object.fromEntries(e.o.map(([k, x]) => [k, decode(x)]))
    : 'b' in e ? Uint8Array.from(atob(e.b), c => c.charCodeAt(0)) : undefined`

/** Lists the items by the functions of `Storage`: an item called "key", "length" or "constructor" is no property that can be enumerated, because the prototype has one of that name. */
const ITEMS = `
  const { key, getItem } = Storage.prototype
  const { get: count } = Object.getOwnPropertyDescriptor(Storage.prototype, 'length')
  const items = Array.from({ length: count.call(localStorage) }, (_, i) => key.call(localStorage, i)).map(name => [name, getItem.call(localStorage, name)])`

/** An expression that gives the storage of the page's origin, and that origin, as JSON text. */
export const READ_STORAGE = `(async () => {${CODEC}${ITEMS}
  const databases = []
  for (const { name, version } of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name))
    const stores = []
    for (const storeName of db.objectStoreNames) {
      const store = db.transaction(storeName).objectStore(storeName)
      const indexes = Array.from(store.indexNames, n => store.index(n)).map(i => ({ name: i.name, keyPath: i.keyPath, unique: i.unique, multiEntry: i.multiEntry }))
      const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())])
      const records = keys.flatMap((key, i) => { try { return [[encode(key), encode(values[i])]] } catch { return [] } })
      stores.push({ name: storeName, keyPath: store.keyPath, autoIncrement: store.autoIncrement, indexes, records })
    }
    db.close()
    databases.push({ name, version, stores })
  }
  return JSON.stringify({ origin: self.origin, localStorage: items, databases })
})()`

/** An expression that brings the origin's storage into a state that was read. `state` is JSON text. */
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
