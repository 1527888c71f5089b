import type { Statement } from '../../parser/index.ts';
import { defined } from '../defined.ts';
import type { InterfaceUpDownDelays, LinkbeatInterface } from '../model/vrrp.ts';
import type { Findings, Reading } from '../read.ts';

const methods = ['MII', 'ETHTOOL', 'IOCTL'] as const;

/** `linkbeat_interfaces`: INTERFACE [MII|ETHTOOL|IOCTL] a line. */
export function readLinkbeatInterfaces(findings: Findings, root: Reading): readonly LinkbeatInterface[] {
  return root.lines('linkbeat_interfaces').map(({ keyword, args }) => {
    checkLine(findings, 'linkbeat_interfaces', keyword);
    const [word] = args;
    const method = methods.find((known) => known === word?.text);
    if (word !== undefined && method === undefined)
      findings.error(
        'bad-argument',
        word.span,
        `'${word.text}' of ${keyword.text} in linkbeat_interfaces is not valid`,
        `it takes ${methods.join(', ')} or nothing`,
      );
    return { span: keyword.span, interface: keyword.text, ...defined({ method }) };
  });
}

/** `interface_up_down_delays`: INTERFACE DOWN [UP] a line; UP is DOWN where it is not given. */
export function readUpDownDelays(findings: Findings, root: Reading): readonly InterfaceUpDownDelays[] {
  return root.lines('interface_up_down_delays').flatMap(({ keyword, args }) => {
    checkLine(findings, 'interface_up_down_delays', keyword);
    const [down, up = down] = args.slice(0, 2).map((word) => {
      const secs = /^\d{1,3}(?:\.\d{0,6})?$/.test(word.text) ? Number(word.text) : Number.NaN;
      if (secs <= 255) return Math.round(secs * 1_000_000) / 1000;
      findings.error(
        'bad-argument',
        word.span,
        `'${word.text}' of ${keyword.text} in interface_up_down_delays is not valid`,
        'it takes seconds from 0 to 255',
      );
      return undefined;
    });
    if (args.length > 0 && (down === undefined || up === undefined)) return [];
    return [{ span: keyword.span, interface: keyword.text, downMs: down ?? 0, upMs: up ?? 0 }];
  });
}

/** The reference does not go on without an interface that is named here. */
function checkLine(findings: Findings, block: string, keyword: Statement['keyword']): void {
  const { interfaces } = findings.host;
  if (interfaces === undefined || findings.interfacesMayCome || interfaces.has(keyword.text)) return;
  findings.error(
    'no-such-interface',
    keyword.span,
    `interface ${keyword.text} of ${block} does not exist`,
    `there are ${[...interfaces].slice(0, 8).join(', ')}`,
    'fatal',
  );
}
