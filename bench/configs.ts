/** Configurations to measure with. */

export interface Shape {
  readonly services: number;
  /** Of all services together, dealt out evenly. */
  readonly servers: number;
}

interface Service {
  readonly address: string;
  readonly port: number;
  readonly servers: number;
}

function serverAddress(service: number, server: number): string {
  return `172.16.${String((service + server) & 255)}.${String(server + 1)}`;
}

/** Of the server that comes last in the configuration. */
export function lastServer(shape: Shape): string {
  return serverAddress(shape.services - 1, lastService(shape).servers - 1);
}

function serviceOf({ services, servers }: Shape, s: number): Service {
  const each = Math.floor(servers / services);
  return {
    address: `10.0.${String(s >> 8)}.${String(s & 255)}`,
    port: 80,
    servers: each + (s < servers % services ? 1 : 0),
  };
}

/** The service that comes last in the configuration. */
export function lastService(shape: Shape): Service {
  return serviceOf(shape, shape.services - 1);
}

/**
 * Services whose servers have a TCP_CHECK, so long apart that no check disturbs. `changed`: how many in a hundred servers have
 * the weight `weight` and not 1, the last one among them; 0: none; undefined: the last one alone.
 */
export function manyServices(shape: Shape, changed?: number, weight = 9): string {
  const blocks: string[] = ['global_defs {\n  router_id BENCH\n}\n'];
  let n = 0;
  for (let s = 0; s < shape.services; s++) {
    const { address, servers } = serviceOf(shape, s);
    const lines = [
      `virtual_server ${address} 80 {`,
      '  delay_loop 86400',
      '  lb_algo rr',
      '  lb_kind NAT',
      '  protocol TCP',
    ];
    for (let r = 0; r < servers; r++) {
      n++;
      const last = n === shape.servers;
      const other = changed === undefined ? last : changed > 0 && (last || n % Math.round(100 / changed) === 0);
      lines.push(
        `  real_server ${serverAddress(s, r)} 80 {`,
        `    weight ${String(other ? weight : 1)}`,
        '    TCP_CHECK {',
        '      connect_timeout 3',
        '    }',
        '  }',
      );
    }
    blocks.push(`${lines.join('\n')}\n}\n`);
  }
  return blocks.join('');
}

export const checkKinds = ['tcp', 'http', 'ssl'] as const;
export type CheckKind = (typeof checkKinds)[number];

const checkBlocks: Readonly<Record<CheckKind, string>> = {
  tcp: 'TCP_CHECK {',
  http: 'HTTP_GET {\n      url {\n        path /\n        status_code 200\n      }',
  ssl: 'SSL_GET {\n      url {\n        path /\n        status_code 200\n      }',
};

/** Services whose servers are checked so often. */
export function checkedServices(shape: Shape, kind: CheckKind, delayLoopSecs: number): string {
  return manyServices(shape, 0)
    .replaceAll('delay_loop 86400', `delay_loop ${String(delayLoopSecs)}`)
    .replaceAll('TCP_CHECK {', checkBlocks[kind]);
}

/** Services that are not checked: once the table is in place, there is nothing to do. */
export function restingServices(shape: Shape): string {
  return manyServices(shape, 0).replaceAll(/ {4}TCP_CHECK \{\n.*\n {4}\}\n/g, '');
}
