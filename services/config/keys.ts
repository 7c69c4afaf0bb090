/**
 * Every environment variable Mingzao reads, in one table. The type of the configuration is derived from it.
 * To add a key: one line here, one in docker/compose.yaml if a container needs it.
 */
import { resolve } from 'node:path';
import {
  hostList,
  type KeySpec,
  networkList,
  number,
  objectStore,
  oneOf,
  secretKey,
  text,
  url,
} from './parsers.ts';

/** What the configuration needs to know of the machine it runs on; tests pass their own. */
export interface Machine {
  /** Cores this process may use. */
  cores: number;
  hostname: string;
  /** Root of the checkout, absolute. */
  repoDir: string;
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Bytes of MINGZAO_SECRET_KEY: AES-256. */
export const SECRET_KEY_BYTES = 32;

const MAX_PORT = 65_535;
const DAY_S = 86_400;

/** The table, for one machine: defaults that depend on it are worked out here. */
export function keySpecs(machine: Machine) {
  return {
    /** PostgreSQL ≥ 15. Unset: standalone starts its own server. */
    databaseUrl: url('DATABASE_URL', ['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/name'),
    /** Redis 7 for BullMQ. Unset: BullMQ's Postgres backend. */
    redisUrl: url('REDIS_URL', ['redis:', 'rediss:'], 'redis://host:6379'),
    /** MQTT broker. Unset: standalone starts its own. */
    mqttUrl: url('MQTT_URL', ['mqtt:', 'mqtts:', 'ws:', 'wss:'], 'mqtt://host:1883'),
    /** Mingzao's own account at the broker (may read and write below mk/v1/). */
    mqttUsername: text('MQTT_USERNAME'),
    mqttPassword: text('MQTT_PASSWORD', { secret: true }),
    /** 1: several gateway processes share the cameras' messages (EMQX, or a Mosquitto newer than 2.0.11). */
    mqttShared: oneOf('MINGZAO_MQTT_SHARED', ['0', '1'] as const, '0'),
    /** Where evidence lies. Unset: `objects` in the data folder. */
    objectStore: objectStore('OBJECT_STORE_URL'),

    /** Address that the HTTP server and the embedded broker listen on. */
    host: text('MINGZAO_HOST', {
      fallback: '127.0.0.1',
      pattern: /^[\w.:-]+$/,
      right: 'a host name or an address, e.g. 0.0.0.0',
    }),
    /** HTTP port; 0 = a free one. */
    port: number('MINGZAO_PORT', { fallback: 8080, min: 0, max: MAX_PORT }),
    /** Port of the embedded broker; 0 = a free one. */
    mqttPort: number('MINGZAO_MQTT_PORT', { fallback: 1883, min: 0, max: MAX_PORT }),
    /** Port of the embedded PostgreSQL; 0 = a free one. */
    pgPort: number('MINGZAO_PG_PORT', { fallback: 0, min: 0, max: MAX_PORT }),
    /** Folder of everything that standalone keeps: database, evidence, generated secrets. */
    dataDir: text('MINGZAO_DATA_DIR', { fallback: resolve(machine.repoDir, 'data') }),
    /** Password of the first account `admin`; only read while no account exists. Unset: generated and printed once. */
    adminPassword: text('MINGZAO_ADMIN_PASSWORD', { secret: true, minLength: 8 }),
    /** Encrypts RTSP addresses at rest and signs evidence addresses. */
    secretKey: secretKey('MINGZAO_SECRET_KEY', SECRET_KEY_BYTES),
    /** Address people reach the page at, used in links. Unset: http://host:port. */
    publicUrl: url('MINGZAO_PUBLIC_URL', ['http:', 'https:'], 'https://mingzao.example.org'),
    /**
     * Proxies before the API that are believed when they say in X-Forwarded-For who asks; those on this machine always are. Without
     * it, all who come through another one have its address: one limit of wrong passwords and of tips for all.
     */
    trustedProxies: networkList('MINGZAO_TRUSTED_PROXIES'),
    /** Detection worker processes. */
    workers: number('MINGZAO_WORKERS', { fallback: Math.max(1, machine.cores), min: 1, max: 256 }),
    /** Name of this gateway process in camera leases and metrics; differs between gateway processes. */
    gatewayId: text('MINGZAO_GATEWAY_ID', {
      fallback: machine.hostname.replace(/[^\w.-]/g, '-').slice(0, 64) || 'gateway',
      pattern: /^[\w.-]{1,64}$/,
      right: '1 to 64 letters, digits, dots, dashes or underscores',
    }),
    /** Private hosts and networks that requests of ours (messages, webhooks) may go to all the same. Unset: public addresses only. */
    outboundAllow: hostList('MINGZAO_OUTBOUND_ALLOW'),
    /**
     * Address that a gateway process hands out live video at, to the API alone (which signs what it asks for). 0.0.0.0, in a network
     * of containers: the API finds it by this machine's host name.
     */
    videoHost: text('MINGZAO_VIDEO_HOST', {
      fallback: '127.0.0.1',
      pattern: /^[\w.:-]+$/,
      right: 'a host name or an address, e.g. 0.0.0.0',
    }),
    /** Its port; 0 = a free one. */
    videoPort: number('MINGZAO_VIDEO_PORT', { fallback: 0, min: 0, max: MAX_PORT }),
    /** Hour of the night, local time of the first county, at which the history is checked. */
    nightHour: number('MINGZAO_NIGHT_HOUR', { fallback: 3, min: 0, max: 23 }),
    logLevel: oneOf('MINGZAO_LOG_LEVEL', LOG_LEVELS, 'info'),
    /** Folder with one folder a model. */
    modelsDir: text('MINGZAO_MODELS_DIR', { fallback: resolve(machine.repoDir, 'models') }),

    /** Ed25519 key that case files are signed with (PEM, readable by its owner alone). Unset: made in the data folder. */
    evidenceKeyFile: text('MINGZAO_EVIDENCE_KEY_FILE'),
    /** RFC 3161 time-stamp authority for chains of evidence. Unset: no time stamps. */
    timeStampUrl: url('MINGZAO_TIMESTAMP_URL', ['http:', 'https:'], 'https://tsa.example.org/tsr'),
    /** Root certificates (PEM) that its tokens must lead to. Unset: any authority that answers is believed. */
    timeStampRootsFile: text('MINGZAO_TIMESTAMP_ROOTS_FILE'),

    /** Seconds without any change of picture before a camera counts as frozen. */
    frozenAfterS: number('MINGZAO_FROZEN_AFTER_S', { fallback: 120, min: 1, max: DAY_S, whole: false }),
  } as const satisfies Record<string, KeySpec<unknown>>;
}
