import type { IpAddress } from '../../core/index.ts';
import type { Configured, ScriptCommand } from './values.ts';

/** How often a checker runs and when it counts; inherited values are already filled in. */
export interface CheckTiming {
  readonly delayLoopMs: number;
  /** The first run comes after 1 s plus a random part of this. */
  readonly warmupMs: number;
  readonly retry: number;
  readonly delayBeforeRetryMs: number;
  readonly alpha: boolean;
  readonly logAllFailures: boolean;
}

/** Where a check connects to and from; address and port of the real server are already filled in. */
export interface CheckConnection {
  readonly connectIp: IpAddress;
  readonly connectPort: number;
  readonly connectTimeoutMs: number;
  readonly bindto?: IpAddress;
  readonly bindPort?: number;
  readonly bindIf?: string;
  readonly fwmark?: number;
}

export interface HttpUrl extends Configured {
  readonly path: string;
  /** 32 lowercase hex digits. */
  readonly digest?: string;
  /** Inclusive ranges; 200-299 where the file gives none. */
  readonly statusCodes: readonly (readonly [number, number])[];
  readonly virtualhost?: string;
  readonly sniName?: string;
  /** What the answer must have (with `regexNoMatch`: must not have), as PCRE2 has it. */
  readonly regex?: string;
  readonly regexNoMatch: boolean;
  /** PCRE2's options in lower case without their prefix: caseless, multiline, … */
  readonly regexOptions: readonly string[];
  /** Bytes of the answer before the place where a match may begin, at least and at most. Absent: 0, and any number. */
  readonly regexMinOffset?: number;
  readonly regexMaxOffset?: number;
  /** Bytes of the matcher's own stack. */
  readonly regexStack?: { readonly start: number; readonly max: number };
  readonly tlsCompliant: boolean;
}

/** What extensions (docs/extensions.md) ask of TLS beyond the reference; the innermost line of each is filled in. Paths are of PEM files. */
export interface TlsSettings {
  /** Whether the server must prove who it is. */
  readonly verify: boolean;
  /** Who must have signed. Absent: the SSL block's `ca`, or else the authorities that the host trusts. */
  readonly caFile?: string;
  /** Absent: those of the SSL block. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** For whom the certificate must be. Absent: the name that is told to the server (SNI), the virtualhost, or else the address. */
  readonly serverName?: string;
  readonly minVersion?: '1.0' | '1.1' | '1.2' | '1.3';
  /** A certificate that ends within so many days is told of. */
  readonly expiryDays?: number;
}

export interface TcpCheck extends Configured, CheckTiming, CheckConnection {
  readonly type: 'TCP_CHECK';
}

export interface HttpGet extends Configured, CheckTiming, CheckConnection {
  readonly type: 'HTTP_GET' | 'SSL_GET';
  readonly urls: readonly HttpUrl[];
  readonly httpProtocol: '1.0' | '1.0C' | '1.0K' | '1.1' | '1.1K';
  /** url > checker > real server > virtual server is resolved per url; this is checker > real server > virtual server. */
  readonly virtualhost?: string;
  readonly enableSni: boolean;
  readonly sniName?: string;
  /** The virtualhost that stands for a server name where nothing else does: checker > virtual server, as the reference has it. */
  readonly sniHost?: string;
  readonly fastRecovery: boolean;
  readonly tlsCompliant: boolean;
  /** Absent: as the reference, which takes any certificate. */
  readonly tls?: TlsSettings;
}

/** Several of them where a file has `host` blocks as of old. */
export interface SmtpCheck extends Configured, CheckTiming, CheckConnection {
  readonly type: 'SMTP_CHECK';
  /** smtpchecker.keepalived.org unless said. */
  readonly heloName: string;
}

export interface DnsCheck extends Configured, CheckTiming, CheckConnection {
  readonly type: 'DNS_CHECK';
  readonly dnsType: 'A' | 'NS' | 'CNAME' | 'SOA' | 'MX' | 'TXT' | 'AAAA' | 'RRSIG' | 'DNSKEY';
  /** '.', the root, unless said. */
  readonly name: string;
}

export interface MiscCheck extends Configured, CheckTiming {
  readonly type: 'MISC_CHECK';
  readonly miscPath: ScriptCommand;
  /** The check's delay_loop unless said. */
  readonly miscTimeoutMs: number;
  /** Exit statuses from 2 to 255 are success and set the weight to 2 less. */
  readonly miscDynamic: boolean;
}

export interface UdpCheck extends Configured, CheckTiming, CheckConnection {
  readonly type: 'UDP_CHECK';
  /** Lowercase hex digits, two a byte. Absent: the reference's own 32 bytes. */
  readonly payload?: string;
  /** Lowercase hex digits, two a byte, that the answer begins with; x stands for any digit. */
  readonly requireReply?: string;
  /** Without it, silence counts as well: only an ICMP error is a failure. */
  readonly replyExpected: boolean;
  /** Bytes; 0 unless said. */
  readonly minReplyLength: number;
  /** Bytes; unless said 255, or any number where no bytes are required. */
  readonly maxReplyLength: number;
}

export interface PingCheck extends Configured, CheckTiming, CheckConnection {
  readonly type: 'PING_CHECK';
}

export interface FileCheck extends Configured {
  readonly type: 'FILE_CHECK';
  /** The track_file's name. */
  readonly trackFile: string;
  /** -2147483647 to 2147483647; times the file's value it is added to the server's weight. Absent: the track_file's own weight and direction. */
  readonly weight?: number;
  readonly reverse: boolean;
}

export interface BfdCheck extends Configured {
  readonly type: 'BFD_CHECK';
  /** The bfd_instance's name. */
  readonly name: string;
  readonly alpha: boolean;
}

export type Checker =
  TcpCheck | HttpGet | SmtpCheck | DnsCheck | MiscCheck | UdpCheck | PingCheck | FileCheck | BfdCheck;
