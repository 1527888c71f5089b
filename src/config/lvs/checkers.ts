import type { Checker } from '../model/checkers.ts';
import { readBlock, type Entry, type Findings, type Reading } from '../read.ts';
import type { CheckContext } from './check-settings.ts';
import { bfdCheck, fileCheck } from './followed-checks.ts';
import { httpGet } from './http-checks.ts';
import { dnsCheck, miscCheck, pingCheck, smtpChecks, tcpCheck, udpCheck } from './network-checks.ts';

type Build = (entry: Entry, reading: Reading, context: CheckContext) => Checker | readonly Checker[] | undefined;

const builders: Readonly<Record<Checker['type'], Build>> = {
  TCP_CHECK: tcpCheck,
  HTTP_GET: httpGet,
  SSL_GET: httpGet,
  SMTP_CHECK: smtpChecks,
  DNS_CHECK: dnsCheck,
  MISC_CHECK: miscCheck,
  UDP_CHECK: udpCheck,
  PING_CHECK: pingCheck,
  FILE_CHECK: fileCheck,
  BFD_CHECK: bfdCheck,
};

const paths: ReadonlyMap<string, string> = new Map(
  Object.keys(builders).map((kind) => [kind, `virtual_server/real_server/${kind}`]),
);

/** The checkers of a real server, in the file's order. */
export function buildCheckers(findings: Findings, server: Reading, context: CheckContext): readonly Checker[] {
  return server.entries.flatMap((entry): readonly Checker[] => {
    const kind = entry.keyword.name;
    if (!paths.has(kind)) return [];
    const reading = readBlock(
      findings,
      paths.get(kind) ?? '',
      `${kind} of ${context.server}`,
      entry.statement.block?.statements ?? [],
    );
    const built = builders[kind as Checker['type']](entry, reading, context);
    return built === undefined ? [] : [built].flat();
  });
}
