/** A network as data: segments (bridges), nodes (namespaces) with interfaces on them, routes and settings. */
export interface Topology {
  readonly segments: readonly string[];
  readonly nodes: readonly LabNode[];
}

export interface LabNode {
  readonly name: string;
  readonly interfaces: readonly { readonly name: string; readonly segment: string; readonly address: string }[];
  readonly defaultGateway?: string;
  /** `net.ipv4.ip_forward` and the like. */
  readonly sysctls?: Readonly<Record<string, string>>;
}

const director = (name: string, external: string, internal: string): LabNode => ({
  name,
  interfaces: [
    { name: 'eth0', segment: 'external', address: `${external}/24` },
    { name: 'eth1', segment: 'internal', address: `${internal}/24` },
  ],
  sysctls: { 'net.ipv4.ip_forward': '1' },
});

const realServer = (name: string, address: string): LabNode => ({
  name,
  interfaces: [{ name: 'eth0', segment: 'internal', address: `${address}/24` }],
  defaultGateway: '192.168.170.1',
});

/** Two directors that balance by NAT, two real servers behind them, one client in front. */
export const twoDirectorNat: Topology = {
  segments: ['external', 'internal'],
  nodes: [
    { name: 'client', interfaces: [{ name: 'eth0', segment: 'external', address: '192.168.0.50/24' }] },
    director('d1', '192.168.0.204', '192.168.170.179'),
    director('d2', '192.168.0.176', '192.168.170.180'),
    realServer('rs1', '192.168.170.25'),
    realServer('rs2', '192.168.170.35'),
  ],
};

/** The switch-side end of an interface: pulling a cable is setting it down. */
export function switchPort(node: string, nic: string): string {
  return `${node}-${nic}`;
}

/** The commands that build the network; `prefix` keeps several of them apart in one lab. */
export function buildScript(topology: Topology, prefix = ''): string {
  const lines: string[] = ['set -e'];
  const switchNs = `${prefix}switch`;
  lines.push(`ip netns add ${switchNs}`);
  const links: string[] = [];
  for (const segment of topology.segments)
    links.push(`link add ${segment} type bridge mcast_snooping 0`, `link set ${segment} up`);
  for (const node of topology.nodes) {
    lines.push(`ip netns add ${prefix}${node.name}`);
    for (const nic of node.interfaces) {
      const port = switchPort(node.name, nic.name);
      links.push(
        `link add ${port} type veth peer name ${nic.name} netns ${prefix}${node.name}`,
        `link set ${port} master ${nic.segment} up`,
      );
    }
  }
  lines.push(`ip -n ${switchNs} -batch - <<'END'\n${links.join('\n')}\nEND`);
  for (const node of topology.nodes) {
    const ns = `${prefix}${node.name}`;
    const inside = ['link set lo up'];
    for (const nic of node.interfaces)
      inside.push(`address add ${nic.address} dev ${nic.name}`, `link set ${nic.name} up`);
    if (node.defaultGateway !== undefined) inside.push(`route add default via ${node.defaultGateway}`);
    lines.push(`ip -n ${ns} -batch - <<'END'\n${inside.join('\n')}\nEND`);
    const settings = { 'net.ipv6.conf.all.accept_dad': '0', ...node.sysctls };
    const writes = Object.entries(settings).map(
      ([key, value]) => `echo ${value} > /proc/sys/${key.replaceAll('.', '/')}`,
    );
    lines.push(`ip netns exec ${ns} sh -c '${writes.join('; ')}' || true`);
  }
  return lines.join('\n');
}
