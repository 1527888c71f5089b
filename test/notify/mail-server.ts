import { readFileSync } from 'node:fs';
import { createServer as createPlainServer, type AddressInfo, type Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer, TLSSocket } from 'node:tls';

export interface MailServerOptions {
  readonly certFile?: string;
  readonly keyFile?: string;
  /** `starttls`: it offers it; `on`: from the first byte. */
  readonly tls?: 'off' | 'starttls' | 'on';
  readonly login?: { readonly user: string; readonly password: string; readonly method: 'PLAIN' | 'LOGIN' };
  /** What it says to commands that begin so, in place of the usual; undefined: nothing at all; a function: what it does. */
  readonly answers?: Readonly<Record<string, string | ((socket: Socket) => void) | undefined>>;
}

/** What a mail server has seen; a line that came by TLS begins with `tls `. */
export interface MailServer {
  readonly port: number;
  readonly lines: readonly string[];
  /** Messages that were taken, with their header. */
  readonly messages: readonly string[];
  readonly connections: () => number;
  readonly close: () => void;
}

/** A mail server that records what it is told, with STARTTLS, TLS and AUTH as RFC 3207, 8314 and 4954 have them. */
export async function mailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const { certFile, keyFile, tls = 'off' } = options;
  const lines: string[] = [];
  const messages: string[] = [];
  const sockets = new Set<Socket>();
  const files =
    certFile === undefined || keyFile === undefined ? {} : { cert: readFileSync(certFile), key: readFileSync(keyFile) };
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    new Dialogue(options, { lines, messages, files }, socket, tls === 'on').greet();
  };
  const server = tls === 'on' ? createTlsServer(files, serve) : createPlainServer(serve);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    lines,
    messages,
    connections: () => sockets.size,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

interface Shared {
  readonly lines: string[];
  readonly messages: string[];
  readonly files: { readonly cert?: Buffer; readonly key?: Buffer };
}

class Dialogue {
  readonly #options: MailServerOptions;
  readonly #shared: Shared;
  #socket: Socket;
  #encrypted: boolean;
  #rest = '';
  #data: string[] | undefined;
  #login: string[] | undefined;
  #loggedIn = false;

  constructor(options: MailServerOptions, shared: Shared, socket: Socket, encrypted: boolean) {
    this.#options = options;
    this.#shared = shared;
    this.#socket = socket;
    this.#encrypted = encrypted;
  }

  greet(): void {
    this.#listen();
    this.#answer('greeting', '220 test');
  }

  #listen(): void {
    this.#socket.on('data', (bytes: Buffer) => {
      const parts = (this.#rest + bytes.toString('latin1')).split('\r\n');
      this.#rest = parts.pop() ?? '';
      for (const line of parts) this.#line(line);
    });
  }

  #answer(command: string, usual: string): void {
    const { answers = {} } = this.#options;
    const key = Object.keys(answers).find((begin) => command.startsWith(begin));
    const answer = key === undefined ? usual : answers[key];
    if (typeof answer === 'function') answer(this.#socket);
    else if (answer !== undefined) this.#socket.write(`${answer}\r\n`);
  }

  #line(line: string): void {
    if (this.#data !== undefined) {
      if (line !== '.') {
        this.#data.push(line);
        return;
      }
      this.#shared.messages.push(this.#data.join('\n'));
      this.#data = undefined;
      this.#answer('.', '250 taken');
      return;
    }
    if (this.#login !== undefined) {
      this.#login.push(Buffer.from(line, 'base64').toString());
      this.#continueLogin(this.#login);
      return;
    }
    this.#shared.lines.push(`${this.#encrypted ? 'tls ' : ''}${line}`);
    const command = line.split(' ')[0]?.toUpperCase() ?? '';
    if (command === 'EHLO') this.#answer(line, ['250-test', ...this.#offers(), '250 8BITMIME'].join('\r\n'));
    else if (command === 'STARTTLS') this.#startTls(line);
    else if (command === 'AUTH') this.#startLogin(line);
    else if (command === 'MAIL' && this.#options.login !== undefined && !this.#loggedIn)
      this.#socket.write('530 who are you\r\n');
    else if (command === 'DATA') {
      this.#data = this.#options.answers?.['DATA'] === undefined ? [] : undefined;
      this.#answer(line, '354 go on');
    } else if (command === 'QUIT') {
      this.#answer(line, '221 bye');
      this.#socket.end();
    } else this.#answer(line, '250 ok');
  }

  #offers(): readonly string[] {
    const { tls, login } = this.#options;
    return [
      ...(tls === 'starttls' && !this.#encrypted ? ['250-STARTTLS'] : []),
      ...(login === undefined ? [] : [`250-AUTH ${login.method}`]),
    ];
  }

  #startTls(line: string): void {
    if (this.#options.tls !== 'starttls') {
      this.#socket.write('502 no\r\n');
      return;
    }
    this.#answer(line, '220 go ahead');
    this.#socket.removeAllListeners('data');
    const secureContext = createSecureContext(this.#shared.files);
    this.#socket = new TLSSocket(this.#socket, { isServer: true, secureContext });
    this.#socket.on('error', () => undefined);
    this.#encrypted = true;
    this.#rest = '';
    this.#listen();
  }

  #startLogin(line: string): void {
    const [, method, first] = line.split(' ');
    this.#login = first === undefined ? [] : [Buffer.from(first, 'base64').toString()];
    if (method === 'PLAIN' && first !== undefined) this.#continueLogin(this.#login);
    else this.#socket.write(`334 ${Buffer.from('Username:').toString('base64')}\r\n`);
  }

  #continueLogin(words: readonly string[]): void {
    const { login } = this.#options;
    if (login === undefined) return;
    if (login.method === 'LOGIN' && words.length < 2) {
      this.#socket.write(`334 ${Buffer.from('Password:').toString('base64')}\r\n`);
      return;
    }
    const wanted = login.method === 'PLAIN' ? [`\0${login.user}\0${login.password}`] : [login.user, login.password];
    this.#login = undefined;
    this.#loggedIn = words.join('\n') === wanted.join('\n');
    // A server that tells what it was told.
    this.#socket.write(
      this.#loggedIn ? '235 welcome\r\n' : `535 not you: ${words.join(' ').replaceAll('\0', ' ')}\r\n`,
    );
  }
}
