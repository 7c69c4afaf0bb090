import { useSyncExternalStore } from 'react';

/** Where the page stands: `/findings/ID?state=confirmed` → segments ['findings', ID], search {state}. */
export interface Route {
  segments: string[];
  search: URLSearchParams;
}

const MOVED = 'mingzao:moved';
let address = '';
let route: Route = { segments: [], search: new URLSearchParams() };

/** Where the page stands now; a component that shows it takes useRoute. */
export function routeNow(): Route {
  const now = location.pathname + location.search;
  if (now !== address) {
    address = now;
    const segments = location.pathname.split('/').filter((part) => part !== '');
    route = { segments: segments.map(decodeURIComponent), search: new URLSearchParams(location.search) };
  }
  return route;
}

function subscribe(onMove: () => void): () => void {
  window.addEventListener('popstate', onMove);
  window.addEventListener(MOVED, onMove);
  return () => {
    window.removeEventListener('popstate', onMove);
    window.removeEventListener(MOVED, onMove);
  };
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, routeNow);
}

/** Goes to an address of the page. `replace`: the way back skips the place left. */
export function navigate(to: string, options: { replace?: boolean } = {}): void {
  if (to === location.pathname + location.search) return;
  if (options.replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  window.dispatchEvent(new Event(MOVED));
}
