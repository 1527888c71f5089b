import { ipFamily, parseIp, type IpAddress, type IpFamily } from '../../core/index.ts';
import type { Statement } from '../../parser/index.ts';
import type { UnicastPeer } from '../model/vrrp.ts';
import type { Findings, Reading } from '../read.ts';

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

const unicastWords = ['unicast_src_ip', 'unicast_ttl', 'check_unicast_src', 'old_unicast_checksum', 'unicast_peer'];

export function checkUnicastWords(
  findings: Findings,
  object: string,
  reading: Reading,
  peers: readonly UnicastPeer[],
): void {
  // With unicast_fault_no_peer the instance does not fall back to multicast.
  if (peers.length > 0 || reading.has('unicast_fault_no_peer')) return;
  for (const name of unicastWords) {
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
    return [{ address: parsed.value, ...readTtls(findings, object, parsed.value, line), span }];
  });
}

/** `[min_ttl NUMBER] [max_ttl NUMBER]` in any order. */
function readTtls(
  findings: Findings,
  object: string,
  address: IpAddress,
  line: Statement,
): Pick<UnicastPeer, 'minTtl' | 'maxTtl'> {
  const ttls = { min_ttl: 0, max_ttl: 255 };
  for (let i = 0; i < line.args.length; i += 2) {
    const [word, value] = line.args.slice(i, i + 2);
    const name = word?.text === 'min_ttl' || word?.text === 'max_ttl' ? word.text : undefined;
    const ttl = /^\d{1,3}$/.test(value?.text ?? '') ? Number(value?.text) : Number.NaN;
    if (word !== undefined && (name === undefined || !(ttl <= 255))) {
      findings.error(
        'bad-argument',
        (name === undefined ? word : (value ?? word)).span,
        `'${word.text} ${value?.text ?? ''}' of unicast_peer ${address} in ${object} is not valid`,
        'it takes min_ttl 0..255 and max_ttl 0..255',
      );
    } else if (name !== undefined) ttls[name] = ttl;
  }
  if (ttls.min_ttl > ttls.max_ttl)
    findings.error(
      'bad-argument',
      line.keyword.span,
      `min_ttl of unicast_peer ${address} in ${object} is more than its max_ttl`,
      'no advert would ever be taken: exchange them',
    );
  return { minTtl: ttls.min_ttl, maxTtl: ttls.max_ttl };
}
