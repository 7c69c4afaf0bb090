/** An RTSP address in parts, as people know them: nobody has to percent-encode a password. */
export interface AddressParts {
  /** rtsps: over TLS. */
  secure: boolean;
  host: string;
  port: string;
  user: string;
  password: string;
  path: string;
  /** Empty: no sub-stream. */
  subPath: string;
}

export const NO_ADDRESS: AddressParts = {
  secure: false,
  host: '',
  port: '554',
  user: '',
  password: '',
  path: '',
  subPath: '',
};

/** Paths of main and sub-stream by make, from the makers' own manuals. */
export const MAKES = {
  hikvision: { path: '/Streaming/Channels/101', subPath: '/Streaming/Channels/102' },
  dahua: { path: '/cam/realmonitor?channel=1&subtype=0', subPath: '/cam/realmonitor?channel=1&subtype=1' },
  uniview: { path: '/media/video1', subPath: '/media/video2' },
  tplink: { path: '/stream1', subPath: '/stream2' },
  other: { path: '', subPath: '' },
} as const;
export type Make = keyof typeof MAKES;
export const MAKE_NAMES = Object.keys(MAKES) as Make[];

/** rtsp://user:password@host:port/path of one of the streams. */
export function rtspUrl(parts: AddressParts, path: string): string {
  const { user, password } = parts;
  const host = parts.host.trim();
  const port = parts.port.trim();
  const account = user === '' ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
  const clean = path.trim();
  const usual = parts.secure ? '322' : '554';
  const shownPort = port === '' || port === usual ? '' : `:${port}`;
  return `${parts.secure ? 'rtsps' : 'rtsp'}://${account}${host}${shownPort}${clean.startsWith('/') ? '' : '/'}${clean}`;
}

/** Takes a whole address apart that was pasted where the host goes; undefined for what is none. */
export function partsOf(text: string): Partial<AddressParts> | undefined {
  const match = /^(rtsps?):\/\/(?:(.*)@)?([^@:/?#]+)(?::(\d+))?([/?].*)?$/i.exec(text.trim());
  if (match === null) return undefined;
  const [, scheme = '', account, host = '', port, path = '/'] = match;
  const [user = '', ...password] = (account ?? '').split(':');
  const secure = scheme.toLowerCase() === 'rtsps';
  return {
    secure,
    host,
    port: port ?? (secure ? '322' : '554'),
    path,
    ...(account === undefined ? {} : { user: decoded(user), password: decoded(password.join(':')) }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address after this one: installers number cameras one after the other. */
export function nextHost(host: string): string {
  const match = /^((?:\d{1,3}\.){3})(\d{1,3})$/.exec(host.trim());
  const last = Number(match?.[2]);
  return match === null || last >= 254 ? host : `${match[1]}${last + 1}`;
}

/** `cam-07` → `cam-08`; a name without a number gets one. */
export function nextNumbered(text: string): string {
  const match = /^(.*?)(\d+)(\D*)$/.exec(text);
  if (match === null) return text === '' ? '' : `${text}-2`;
  const [, before = '', digits = '', after = ''] = match;
  return `${before}${String(Number(digits) + 1).padStart(digits.length, '0')}${after}`;
}
