/** A configuration and what `keepalived -t` 2.2.7 exits with, in a network namespace that has eth0 and eth1 only. */
export interface VerdictCase {
  readonly name: string;
  readonly text: string;
  readonly exit: 0 | 2 | 4 | 5 | 6;
  /** keepalived 2.2.7 crashes at it; the status is what its messages would make. */
  readonly crashes?: true;
}

export function instance(lines: string, more = ''): string {
  return `vrrp_instance VI_1 {\n  interface eth0\n  virtual_router_id 51\n  priority 100\n  virtual_ipaddress {\n    10.0.0.1/24\n  }\n${lines}\n}\n${more}`;
}

export function globals(lines: string): string {
  return `global_defs {\n${lines}\n}\n`;
}

export function service(lines: string, server = ''): string {
  return (
    `virtual_server 10.0.0.1 80 {\n  delay_loop 5\n  lb_algo rr\n  lb_kind NAT\n  protocol TCP\n${lines}\n` +
    `  real_server 192.168.0.2 80 {\n    weight 1\n${server}\n  }\n}\n`
  );
}

export function check(kind: string, lines: string): string {
  return service('', `    ${kind} {\n${lines}\n    }`);
}

export const row = (name: string, exit: VerdictCase['exit'], text: string): VerdictCase => ({ name, text, exit });

/** A table with a case a line: the exit status, and the text with ` ; ` for a new line, which `around` completes. */
export function fromLines(where: string, table: string, around: (line: string) => string): readonly VerdictCase[] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [, exit, text = ''] = /^(\d) ?(.*)$/.exec(line) ?? [];
      return row(`'${text}' ${where}`, Number(exit) as VerdictCase['exit'], around(text.replaceAll(' ; ', '\n')));
    });
}
