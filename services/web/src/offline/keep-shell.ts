/**
 * Lets the page open without a line: the worker keeps its files, never an answer of the API. Answers that wait to be sent lie in
 * IndexedDB (store.ts). A browser without workers, or a page that is not on HTTPS, goes without.
 */
export function keepShell(): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  navigator.serviceWorker
    .register('/worker.js')
    .then(() => navigator.serviceWorker.ready)
    .then((registration) => {
      // What was fetched before the worker was there.
      const files = performance
        .getEntriesByType('resource')
        .map(({ name }) => name)
        .filter((name) => new URL(name).pathname.startsWith('/assets/'));
      registration.active?.postMessage({ keep: files });
    })
    .catch(() => undefined);
}
