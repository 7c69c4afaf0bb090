/**
 * Web push in this browser (W3C Push API). It needs HTTPS, or this very machine. A browser has one subscription, whoever made it,
 * and shows what comes by it to whoever stands before it: so it ends with the session of the one who made it.
 */
import { ask } from '../../api/client.ts';
import type { MyNotifications } from '../../api/notify-types.ts';

const DEVICE = 'mingzao.device';
/** Username of the one who subscribed. */
const OWNER = 'mingzao.push-of';

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

/**
 * @param key of this installation, base64url @param username who asks
 * @returns false when the person said no @throws ApiError
 */
export async function subscribe(key: string, name: string, username: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  const worker = await navigator.serviceWorker.register('/worker.js');
  await navigator.serviceWorker.ready;
  // One under another key (this installation was set up anew) must go first.
  await (await worker.pushManager.getSubscription())?.unsubscribe();
  const subscription = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: key,
  });
  localStorage.setItem(OWNER, username);
  const { endpoint, keys } = subscription.toJSON();
  await ask('/my/notifications/targets', {
    method: 'POST',
    body: { channel: 'push', device: deviceId(), name, subscription: { endpoint, keys } },
  });
  return true;
}

/** Whether this browser shows what this person is told. */
export async function pushIsOf(username: string): Promise<boolean> {
  return ownerOfPush() === username && (await subscriptionHere()) !== null;
}

/** Before signing out: the server sends this person nothing more to this browser. What fails is left to `dropPush`. */
export async function removeMyPush(): Promise<void> {
  try {
    const device = localStorage.getItem(DEVICE);
    if (device === null) return;
    const { targets } = await ask<MyNotifications>('/my/notifications');
    for (const target of targets)
      if (target.device === device) await ask(`/my/notifications/targets/${target.id}`, { method: 'DELETE' });
  } catch {
    // The subscription ends here all the same, and the server learns of it when it next sends something.
  }
}

/** After signing out. @param username whose session it was; what another person subscribed meanwhile in another tab stays */
export async function dropPush(username: string | undefined): Promise<void> {
  const owner = ownerOfPush();
  if (owner === null || owner === username) await unsubscribe();
}

/** Somebody is signed in: what another one subscribed, whose session ended without signing out, is shown no more. */
export async function dropPushOfOthers(username: string): Promise<void> {
  if (ownerOfPush() !== username) await unsubscribe();
}

function ownerOfPush(): string | null {
  try {
    return localStorage.getItem(OWNER);
  } catch {
    return null;
  }
}

async function subscriptionHere(): Promise<PushSubscription | null> {
  if (!pushPossible()) return null;
  const worker = await navigator.serviceWorker.getRegistration();
  return (await worker?.pushManager.getSubscription()) ?? null;
}

/** Failing leaves the owner's name, so that the next sign-in tries again. */
async function unsubscribe(): Promise<void> {
  try {
    await (await subscriptionHere())?.unsubscribe();
    localStorage.removeItem(OWNER);
  } catch {
    // No push service, or storage that is closed: there is nothing here that could be ended.
  }
}
