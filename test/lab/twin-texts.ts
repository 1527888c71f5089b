/** The texts that the hand-written configurations of the comparison are made of. */

/** A real server that is checked at port 80. */
export function tcpServer(address: string, more = ''): string {
  return `real_server ${address} {\n  ${more}\n  TCP_CHECK {\n    connect_port 80\n  }\n }`;
}

export function service(head: string, ...lines: readonly string[]): string {
  return `virtual_server ${head} {\n lb_kind NAT\n ${lines.join('\n ')}\n}\n`;
}

export function group(name: string, ...entries: readonly string[]): string {
  return `virtual_server_group ${name} {\n${entries.map((entry) => ` ${entry}\n`).join('')}}\n`;
}

export function globalDefs(...lines: readonly string[]): string {
  return `global_defs {\n${lines.map((line) => ` ${line}\n`).join('')}}\n`;
}

/** One service of TCP with NAT and two servers. */
export const usual = service('10.0.0.1 80', 'protocol TCP', tcpServer('10.1.0.1 80'), tcpServer('10.1.0.2 80'));

/** The same with lines of its own. */
export function usualWith(...lines: readonly string[]): string {
  return usual.replace('protocol TCP', ['protocol TCP', ...lines].join('\n '));
}
