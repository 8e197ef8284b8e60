// IndexedDB with promises. If a browser denies it, as in some frames and private windows,
// each promise is rejected.

const patience = 5000; // milliseconds for a database to open: a broken one may never answer

// database resolves with an open database. make(database) creates its stores. After a
// failure the next call tries again.
export function database(name, make) {
  let opened = null;
  return () => (opened ??= new Promise((done, failed) => {
    const request = indexedDB.open(name, 1);
    const timer = setTimeout(() => failed(new Error(`${name} does not open`)), patience);
    request.onupgradeneeded = () => make(request.result);
    request.onsuccess = () => {
      clearTimeout(timer);
      request.result.onversionchange = () => request.result.close();
      request.result.onclose = () => { opened = null; };
      done(request.result);
    };
    request.onerror = () => {
      clearTimeout(timer);
      failed(request.error);
    };
  }).catch((e) => {
    opened = null;
    throw e;
  }));
}

// answer resolves with the result of a request.
export const answer = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

// ended resolves once a transaction is complete, and is rejected if it was aborted.
export const ended = (transaction) => new Promise((done, failed) => {
  transaction.oncomplete = () => done();
  transaction.onabort = () => failed(transaction.error ?? new Error("storage is full"));
});
