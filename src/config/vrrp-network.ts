import { ipFamily, parseIp, type IpAddress, type IpFamily } from '../core/index.ts';
import type { Statement } from '../parser/index.ts';
import type { UnicastPeer } from './model/vrrp.ts';
import type { Findings, Reading } from './read.ts';

export function addressOfFamily(
  findings: Findings,
  object: string,
  reading: Reading,
  keyword: string,
  family: IpFamily,
): IpAddress | undefined {
  const address = reading.address(keyword);
  const word = reading.entry(keyword)?.statement.args[0];
  if (address === undefined || word === undefined || ipFamily(address) === family) return address;
  findings.error(
    'bad-address',
    word.span,
    `'${keyword} ${address}' is of another family than the addresses of ${object}`,
    'it is ignored: an instance is either IPv4 or IPv6',
  );
  return undefined;
}

export function peersOfFamily(
  findings: Findings,
  object: string,
  peers: readonly UnicastPeer[],
  family: IpFamily,
): readonly UnicastPeer[] {
  for (const { address, span } of peers.filter((peer) => ipFamily(peer.address) !== family))
    findings.error(
      'bad-address',
      span,
      `unicast_peer ${address} is of another family than the addresses of ${object}`,
      'it is ignored: an instance is either IPv4 or IPv6',
    );
  return peers.filter((peer) => ipFamily(peer.address) === family);
}

export function checkUnicastWords(
  findings: Findings,
  object: string,
  reading: Reading,
  peers: readonly UnicastPeer[],
): void {
  if (peers.length > 0) return;
  for (const name of ['unicast_src_ip', 'unicast_ttl', 'check_unicast_src', 'unicast_peer']) {
    const entry = reading.entry(name);
    if (entry === undefined) continue;
    findings.warning(
      'unicast-without-peers',
      entry.statement.keyword.span,
      `'${name}' in ${object} has no unicast peers: multicast is used`,
      "add 'unicast_peer { ADDRESS }', or remove it; the source of multicast is mcast_src_ip",
    );
  }
}

export function checkVmacWords(
  findings: Findings,
  object: string,
  reading: Reading,
  peers: readonly UnicastPeer[],
): void {
  const vmac = reading.entry('use_vmac') ?? reading.entry('use_ipvlan');
  const warn = (name: string, text: string, hint: string): void => {
    const { statement } = reading.entry(name) ?? vmac ?? {};
    if (statement !== undefined) findings.warning('vmac-setting', statement.keyword.span, `${text} in ${object}`, hint);
  };
  const name = vmac?.statement.args[0];
  if (name !== undefined && !/^[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}$/.test(name.text) && name.text.length > 15)
    findings.error(
      'bad-argument',
      name.span,
      `interface name '${name.text}' in ${object} is too long`,
      'a name has at most 15 characters',
    );
  if (vmac === undefined) {
    if (reading.has('vmac_xmit_base'))
      warn('vmac_xmit_base', "'vmac_xmit_base' has no use without a vmac", 'remove it');
    return;
  }
  if (reading.has('promote_secondaries'))
    warn('promote_secondaries', "'promote_secondaries' is set for vmacs anyway", 'remove it');
  if (vmac.keyword.name === 'use_vmac' && peers.length > 0 && !reading.has('vmac_xmit_base'))
    warn('use_vmac', 'unicast with use_vmac needs vmac_xmit_base', "add 'vmac_xmit_base'");
}

export function readPeers(findings: Findings, object: string, peers: readonly Statement[]): readonly UnicastPeer[] {
  return peers.flatMap((line) => {
    const parsed = parseIp(line.keyword.text.replace(/\/\d{1,3}$/, ''));
    const { span } = line.keyword;
    if (!parsed.ok) {
      findings.error(
        'bad-address',
        span,
        `unicast_peer '${line.keyword.text}' in ${object} is not an IP address`,
        'it takes ADDRESS [min_ttl 0..255] [max_ttl 0..255]',
      );
      return [];
    }
    const unknown = line.args.find(({ text }, i) => i % 2 === 0 && text !== 'min_ttl' && text !== 'max_ttl');
    if (unknown !== undefined) {
      findings.error(
        'bad-argument',
        unknown.span,
        `'${unknown.text}' of unicast_peer ${parsed.value} in ${object} is not valid`,
        'it takes min_ttl 0..255 and max_ttl 0..255',
      );
    }
    const ttl = (name: string, otherwise: number): number => {
      const i = line.args.findIndex((word) => word.text === name);
      const value = Number(i === -1 ? otherwise : (line.args[i + 1]?.text ?? Number.NaN));
      return value >= 0 && value <= 255 ? value : otherwise;
    };
    return [{ address: parsed.value, minTtl: ttl('min_ttl', 0), maxTtl: ttl('max_ttl', 255), span }];
  });
}
