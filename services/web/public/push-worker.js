/* Shows what is pushed while the page is closed. Encrypted for this browser alone (RFC 8291); the tag makes a repeated message replace itself. */
self.addEventListener('push', (event) => {
  const { title, body, link, tag } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, { body, tag, data: { link } }));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { link } = event.notification.data;
  event.waitUntil(openPage(link));
});

/* A window that shows the page already is taken; another one is opened otherwise. Never another site. */
async function openPage(link) {
  const target = new URL(link, self.location.origin);
  const here = new URL(target.pathname + target.search, self.location.origin).href;
  const windows = await self.clients.matchAll({ type: 'window' });
  const open = windows.find((client) => new URL(client.url).origin === self.location.origin);
  if (open === undefined) return self.clients.openWindow(here);
  await open.focus();
  return open.navigate(here);
}
