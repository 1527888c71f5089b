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
  readonly regex?: string;
  readonly regexNoMatch: boolean;
  readonly regexOptions: readonly string[];
  readonly regexMinOffset?: number;
  readonly regexMaxOffset?: number;
  readonly tlsCompliant: boolean;
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
  readonly fastRecovery: boolean;
  readonly tlsCompliant: boolean;
}

export interface SmtpCheck extends Configured, CheckTiming {
  readonly type: 'SMTP_CHECK';
  readonly heloName: string;
  readonly hosts: readonly CheckConnection[];
}

export interface DnsCheck extends Configured, CheckTiming, CheckConnection {
  readonly type: 'DNS_CHECK';
  readonly dnsType: string;
  readonly name: string;
}

export interface MiscCheck extends Configured, CheckTiming {
  readonly type: 'MISC_CHECK';
  readonly miscPath: ScriptCommand;
  readonly miscTimeoutMs: number;
  readonly miscDynamic: boolean;
}

export interface UdpCheck extends Configured, CheckTiming, CheckConnection {
  readonly type: 'UDP_CHECK';
  /** Hex digits. */
  readonly payload?: string;
  readonly requireReply?: string;
  readonly replyExpected: boolean;
  readonly minReplyLength: number;
  readonly maxReplyLength: number;
}

export interface PingCheck extends Configured, CheckTiming, CheckConnection {
  readonly type: 'PING_CHECK';
}

export interface FileCheck extends Configured {
  readonly type: 'FILE_CHECK';
  /** The track_file's name. */
  readonly trackFile: string;
  readonly weight?: number;
  readonly reverse: boolean;
}

export interface BfdCheck extends Configured {
  readonly type: 'BFD_CHECK';
  readonly name: string;
  readonly alpha: boolean;
}

export type Checker =
  TcpCheck | HttpGet | SmtpCheck | DnsCheck | MiscCheck | UdpCheck | PingCheck | FileCheck | BfdCheck;
