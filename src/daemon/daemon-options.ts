/** What the command line asks of the daemon; the words are keepalived(8)'s long options. */
export interface DaemonOptions {
  readonly useFile: string;
  /** Only the VRRP part; with `check`: both. */
  readonly vrrp: boolean;
  readonly check: boolean;
  readonly noBfd: boolean;
  readonly all: boolean;
  readonly logConsole: boolean;
  /** How often -D was given. */
  readonly logDetail: number;
  readonly logFacility: string;
  readonly logFile?: string;
  readonly flushLogFile: boolean;
  readonly noSyslog: boolean;
  readonly logFormat: 'text' | 'json';
  readonly umask?: number;
  readonly releaseVips: boolean;
  readonly dontReleaseVrrp: boolean;
  readonly dontReleaseIpvs: boolean;
  /** 0 to 86400; 0: never. */
  readonly tableCheckSecs: number;
  /** What the parts do when the supervisor is killed. */
  readonly onSupervisorDeath: 'clean-up' | 'keep';
  /** At SIGTERM all stays for the next process. */
  readonly keep: boolean;
  readonly dontRespawn: boolean;
  readonly dontFork: boolean;
  readonly dumpConf: boolean;
  readonly pid?: string;
  readonly vrrpPid?: string;
  readonly checkersPid?: string;
  readonly bfdPid?: string;
  readonly addressMonitoring: boolean;
  readonly snmp: boolean;
  readonly snmpAgentSocket?: string;
  readonly namespace?: string;
  readonly coreDump: boolean;
  readonly coreDumpPattern?: string;
  readonly allConfig: boolean;
  readonly configId?: string;
  readonly ignoreSigint: boolean;
}
