/** Web push in this browser (W3C Push API). It needs HTTPS, or this very machine. */
import { ask } from '../../api/client.ts';

const DEVICE = 'mingzao.device';

/** Names this browser, so that subscribing anew replaces its old address. */
export function deviceId(): string {
  let id = localStorage.getItem(DEVICE);
  if (id === null) {
    id = [...crypto.getRandomValues(new Uint8Array(16))]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('');
    localStorage.setItem(DEVICE, id);
  }
  return id;
}

export function pushPossible(): boolean {
  return window.isSecureContext && 'serviceWorker' in navigator && 'PushManager' in window;
}

/** @param key of this installation, base64url @returns false when the person said no @throws ApiError */
export async function subscribe(key: string, name: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  const worker = await navigator.serviceWorker.register('/worker.js');
  await navigator.serviceWorker.ready;
  // One under another key (this installation was set up anew) must go first.
  await (await worker.pushManager.getSubscription())?.unsubscribe();
  const subscription = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: key,
  });
  const { endpoint, keys } = subscription.toJSON();
  await ask('/my/notifications/targets', {
    method: 'POST',
    body: { channel: 'push', device: deviceId(), name, subscription: { endpoint, keys } },
  });
  return true;
}
