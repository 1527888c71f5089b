import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Issued {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export interface Wanted {
  /** `DNS:a.example`, `IP:127.0.0.1`. */
  readonly names?: string;
  /** The first and the last day, from today on. */
  readonly days?: readonly [number, number];
  /** Not signed by the authority but with its own key. */
  readonly selfSigned?: boolean;
}

/** A certificate authority in a folder of its own, made with openssl. All that it issues has one key. */
export class Authority {
  readonly folder = mkdtempSync(join(tmpdir(), 'watchkeeper-ca-'));
  readonly file = join(this.folder, 'ca.pem');
  readonly #key = join(this.folder, 'key.pem');
  readonly #config = join(this.folder, 'ca.conf');
  #count = 0;

  constructor(name = 'Test authority') {
    const lines = [
      `[ca]\ndefault_ca = own\n[own]\ndatabase = ${this.folder}/index\nserial = ${this.folder}/serial`,
      `new_certs_dir = ${this.folder}\ndefault_md = sha256\npolicy = any\nunique_subject = no\n[any]\ncommonName = supplied`,
      `[req]\ndistinguished_name = dn\n[dn]\n[authority]\nbasicConstraints = critical, CA:true\n`,
    ];
    writeFileSync(this.#config, lines.join('\n'));
    writeFileSync(join(this.folder, 'index'), '');
    writeFileSync(join(this.folder, 'serial'), '01');
    const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', this.#key];
    const subject = ['-config', this.#config, '-extensions', 'authority', '-subj', `/CN=${name}`];
    this.#openssl('req', '-x509', ...ec, ...subject, '-days', '3650', '-out', this.file);
  }

  issue({ names, days: [first, last] = [-1, 365], selfSigned = false }: Wanted): Issued {
    const base = join(this.folder, String(++this.#count));
    const [request, extensions, certFile] = [`${base}.csr`, `${base}.ext`, `${base}.pem`];
    const subject = ['-config', this.#config, '-subj', `/CN=server ${String(this.#count)}`];
    this.#openssl('req', '-new', '-key', this.#key, ...subject, '-out', request);
    writeFileSync(extensions, names === undefined ? '' : `subjectAltName = ${names}\n`);
    const signer = selfSigned ? ['-selfsign'] : ['-cert', this.file];
    const dates = ['-startdate', dateOf(first), '-enddate', dateOf(last), '-extfile', extensions];
    const files = ['-keyfile', this.#key, '-in', request, '-out', certFile];
    this.#openssl('ca', '-batch', '-notext', '-config', this.#config, ...signer, ...dates, ...files);
    return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(this.#key, 'utf8'), certFile, keyFile: this.#key };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #openssl(...args: readonly string[]): void {
    execFileSync('openssl', args, { stdio: 'pipe' });
  }
}

function dateOf(days: number): string {
  return `${new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]|\..*/g, '')}Z`;
}
