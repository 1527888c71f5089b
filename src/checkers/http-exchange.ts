import type { Socket } from 'node:net';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { CheckConnection, TlsSettings } from '../config/index.ts';
import { refusal } from './certificate.ts';
import { errorText, socketFailed, type RunningCheck } from './connection.ts';
import { Deadline } from './deadline.ts';
import { HttpResponse, type Observer } from './http-response.ts';
import { requireTls } from './require-tls.ts';
import type { CheckSockets } from './sockets.ts';
import type { TlsContexts } from './tls-contexts.ts';
import type { WholeAnswer } from './whole-answer.ts';

/** One request and everything that comes back until the server closes. Used by HTTP_GET, SSL_GET and genhash. */

export interface Exchange {
  readonly connection: CheckConnection;
  readonly sockets: CheckSockets;
  readonly request: string;
  /** Absent: plain HTTP. */
  readonly tls?: ExchangeTls;
  readonly seen?: Observer;
  /** The server keeps the connection: the answer ends where this says. It is one of those that see what is read. */
  readonly whole?: WholeAnswer;
}

export interface ExchangeTls {
  readonly contexts: TlsContexts;
  readonly settings?: TlsSettings;
  /** Told to the server (SNI). */
  readonly serverName?: string;
  /** For whom its certificate must be, where that is verified. */
  readonly expectedName?: string;
  /** The server has proved to have this certificate. To read one takes a tenth of a check's time. */
  readonly onCertificate?: (certificate: PeerCertificate) => void;
  /** Say to the server that the connection ends, as TLS asks for and the reference does not without tls_compliant. */
  readonly closeNotify: boolean;
}

export type ExchangeOutcome =
  | { readonly ended: 'closed'; readonly response: HttpResponse }
  | {
      readonly ended: 'connect-failed' | 'connect-timeout' | 'handshake-failed' | 'timeout' | 'too-long' | 'broken';
      readonly reason: string;
      /** As in a check's result: the reason is on this host. */
      readonly unjudged?: boolean;
      readonly response: HttpResponse;
    };

/**
 * A server that sends a byte now and then would be read for ever: a reply may take this many times connect_timeout,
 * which bounds each single wait.
 */
const replyPatience = 12;
const bodyLimit = 4 * 1024 ** 3;
/** How long the end of a TLS connection may take to be sent. */
const closeNotifyMs = 1000;

export function runExchange(exchange: Exchange): RunningCheck<ExchangeOutcome> {
  const { connection, tls, whole } = exchange;
  const seconds = String(connection.connectTimeoutMs / 1000);
  const response = new HttpResponse(...[exchange.seen, exchange.whole].filter((seen) => seen !== undefined));
  /** What is open of a connection with TLS, the newest last. */
  const streams: Socket[] = [];
  let connected = false;
  let ended = false;
  let resolveOutcome: (outcome: ExchangeOutcome) => void = () => undefined;
  const outcome = new Promise<ExchangeOutcome>((resolve) => {
    resolveOutcome = resolve;
  });

  const stop = (): void => {
    ended = true;
    waitTimer.clear();
    totalTimer.clear();
    close();
    const [tcp, secure] = streams;
    if (tls?.closeNotify === true && connected && tcp !== undefined && secure !== undefined) endPolitely(secure, tcp);
    else for (const stream of streams) stream.destroy();
  };
  const finish = (result: ExchangeOutcome): void => {
    if (ended) return;
    stop();
    resolveOutcome(result);
  };
  const waited = (): void => {
    const what = connected ? 'nothing was received' : 'no connection';
    finish({ ended: connected ? 'timeout' : 'connect-timeout', reason: `${what} within ${seconds} s`, response });
  };
  const waitTimer = new Deadline(connection.connectTimeoutMs, waited);
  const totalTimer = new Deadline(replyPatience * connection.connectTimeoutMs, () => {
    const limit = String((replyPatience * connection.connectTimeoutMs) / 1000);
    finish({ ended: 'timeout', reason: `the reply did not end within ${limit} s`, response });
  });

  const failed = (error: Error): void => {
    const phase = streams.length === 0 ? 'connect-failed' : 'handshake-failed';
    const reason = refusal(error, tls?.expectedName ?? '') ?? (connected ? errorText(error) : handshakeText(error));
    finish({ ended: connected ? 'broken' : phase, reason, response });
  };
  const take = (chunk: Buffer): void => {
    waitTimer.refresh();
    response.push(chunk);
    if (response.headerState === 'too-long')
      finish({ ended: 'too-long', reason: 'no end of the header within 4095 bytes', response });
    else if (response.received > bodyLimit)
      finish({ ended: 'too-long', reason: 'the reply is longer than 4 GiB', response });
    else if (whole?.isWhole === true) finish({ ended: 'closed', response });
    else if (whole?.isBroken === true)
      finish({ ended: 'broken', reason: 'the chunks of the reply are malformed', response });
  };
  const atEnd = (): void => {
    finish({ ended: 'closed', response });
  };
  const beginTls = (tcp: Socket, tls: ExchangeTls): void => {
    streams.push(tcp);
    tcp.on('error', failed);
    tcp.on('close', atEnd);
    waitTimer.refresh();
    const secure = secureSocket(tcp, tls);
    if (typeof secure === 'string') {
      finish({ ended: 'connect-failed', reason: secure, unjudged: true, response });
      return;
    }
    streams.push(secure);
    secure.on('error', failed);
    secure.once('secureConnect', () => {
      if (tls.onCertificate !== undefined) tls.onCertificate(secure.getPeerCertificate());
      connected = true;
      waitTimer.refresh();
      secure.on('data', take);
      secure.on('end', atEnd);
      secure.write(exchange.request);
    });
  };
  let close = exchange.sockets.connectTcp(connection, (opened) => {
    if (!opened.ok) {
      const { reason, unjudged } = socketFailed(opened.error);
      finish({ ended: 'connect-failed', reason, response, ...(unjudged === undefined ? {} : { unjudged }) });
    } else if (tls !== undefined) beginTls(opened.value.stream(), tls);
    else {
      connected = true;
      waitTimer.refresh();
      close = opened.value.ask(exchange.request, {
        onData: take,
        onEnd: atEnd,
        // Also behind a complete reply: the reference takes a connection that ends with a reset for broken.
        onError: (failure) => {
          finish({ ended: 'broken', reason: errorText(failure), response });
        },
      });
    }
  });
  return { outcome, cancel: stop };
}

/** Node.js calls any end before the handshake is through a reset; only what the kernel told it has a system call. */
function handshakeText(error: Error & { readonly code?: string; readonly syscall?: string }): string {
  const ended = error.code === 'ECONNRESET' && error.syscall === undefined;
  return ended ? 'the server ended the connection during the TLS handshake' : errorText(error);
}

/** The text says why it cannot be made. */
function secureSocket(tcp: Socket, { contexts, settings, serverName, expectedName }: ExchangeTls): TLSSocket | string {
  const context = contexts.get(settings);
  if (!context.ok) return context.error;
  const { checkServerIdentity, connect } = requireTls();
  return connect({
    socket: tcp,
    secureContext: context.value,
    // The reference never verifies, and a health check must not fail where it used to succeed.
    rejectUnauthorized: settings?.verify === true,
    checkServerIdentity: (_, certificate) =>
      settings?.verify === true ? checkServerIdentity(expectedName ?? '', certificate) : undefined,
    ...(serverName === undefined ? {} : { servername: serverName }),
  });
}

function endPolitely(socket: Socket, tcp: Socket): void {
  const close = (): void => {
    clearTimeout(timer);
    socket.destroy();
    tcp.destroy();
  };
  const timer = setTimeout(close, closeNotifyMs);
  socket.removeAllListeners('data');
  socket.on('error', close);
  socket.end(close);
}
