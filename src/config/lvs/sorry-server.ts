import { ipFamily, parseIp } from '../../core/index.ts';
import type { SorryServer } from '../model/lvs.ts';
import type { Findings, Reading } from '../read.ts';
import { readForwarding } from './forwarding.ts';
import { parsePort } from './port.ts';
import type { RealServerContext } from './real-servers.ts';

export function buildSorryServer(
  findings: Findings,
  virtual: string,
  reading: Reading,
  { forwarding, key, family }: Pick<RealServerContext, 'forwarding' | 'key' | 'family'>,
): SorryServer | undefined {
  const entry = reading.entry('sorry_server');
  if (entry === undefined) return undefined;
  const [addressWord, portWord] = entry.statement.args;
  const address = parseIp(addressWord?.text ?? '');
  const port = parsePort(portWord);
  const { span } = entry.statement.keyword;
  if (!address.ok || port === undefined) {
    findings.error(
      'bad-argument',
      (addressWord ?? entry.statement.keyword).span,
      `sorry_server of ${virtual} is not valid`,
      'it takes ADDRESS [PORT]',
    );
    return undefined;
  }
  reportSorryInhibit(findings, virtual, reading, `${addressWord?.text ?? ''} ${portWord?.text ?? '0'}`);
  const own =
    readForwarding(findings, `sorry_server of ${virtual}`, reading.entry('sorry_server_lvs_method')) ?? forwarding;
  if (own.lbKind !== 'TUN' && ipFamily(address.value) !== family) {
    findings.error(
      'mixed-families',
      addressWord?.span ?? span,
      `sorry_server ${address.value} of ${virtual} is of another family than its service`,
      'only TUN can do that; the sorry server is ignored',
    );
    return undefined;
  }
  // With NAT a sorry server without a port has port 0, unlike a real one: so has the reference.
  const keepsPort = own.lbKind !== 'NAT' && key.kind === 'address' && port !== key.port;
  if (keepsPort && port !== 0)
    findings.warning(
      'port-mismatch',
      portWord?.span ?? span,
      `sorry_server of ${virtual} has another port than its service`,
      `only NAT can change the port: ${String(key.port)} is used`,
    );
  return {
    span,
    address: address.value,
    port: keepsPort ? key.port : port,
    forwarding: own,
    inhibit: reading.flag('sorry_server_inhibit'),
  };
}

/** One server cannot be both inhibited and removed; the kernel has it once. */
function reportSorryInhibit(findings: Findings, virtual: string, reading: Reading, sorry: string): void {
  for (const { statement } of reading.all('real_server')) {
    const inhibits =
      reading.flag('inhibit_on_failure') ||
      statement.block?.statements.some((line) => line.keyword.text === 'inhibit_on_failure') === true;
    const same = statement.args.map((word) => word.text).join(' ') === sorry;
    if (!same || inhibits === reading.flag('sorry_server_inhibit')) continue;
    findings.warning(
      'sorry-inhibit',
      statement.keyword.span,
      `real_server ${sorry} of ${virtual} is the sorry server too, and only one of them is inhibited`,
      inhibits ? "add 'sorry_server_inhibit' after 'sorry_server'" : "add 'inhibit_on_failure' to the real_server",
    );
  }
}
