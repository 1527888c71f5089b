import type { DumpSource } from './report.ts';

/** keepalived_bfd.data after its global definitions: what is configured, and whether each session is up. */
export function bfdData({ config, bfds }: DumpSource): readonly string[] {
  const yes = (on: boolean): string => (on ? 'Yes' : 'No');
  return [
    '------< BFD Topology >------',
    ...config.bfdInstances.flatMap((bfd) => [
      ` BFD Instance = ${bfd.name}`,
      ...[
        `Neighbor IP = ${bfd.neighborIp}`,
        ...(bfd.sourceIp === undefined ? [] : [`Source IP = ${bfd.sourceIp}`]),
        `Required min RX interval = ${String(bfd.minRxMs * 1000)} us`,
        `Desired min TX interval = ${String(bfd.minTxMs * 1000)} us`,
        `Desired idle TX interval = ${String(bfd.idleTxMs * 1000)} us`,
        `Detection multiplier = ${String(bfd.multiplier)}`,
        `TTL = ${String(bfd.ttl)}`,
        `max_hops = ${String(bfd.maxHops)}`,
        `passive = ${String(bfd.passive)}`,
        `send event to VRRP process = ${yes(bfd.vrrp)}`,
        `send event to checker process = ${yes(bfd.checker)}`,
        `local state = ${bfds[bfd.name] === true ? 'Up' : 'Down'}`,
      ].map((line) => `   ${line}`),
    ]),
  ];
}
