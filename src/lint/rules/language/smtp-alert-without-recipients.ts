import { spanOf, type PlacedLine } from '../../director.ts';
import type { Rule } from '../../rule.ts';

/** No mail is sent unless there are a server and somebody to send it to, and nobody says so. */
export const smtpAlertWithoutRecipients: Rule = {
  id: 'smtp-alert-without-recipients',
  severity: 'warning',
  title: 'mail is asked for, and there is no server or nobody to send it to',
  *check(director) {
    const asked = director.lines.find((line) => asksForMail(line));
    if (asked === undefined) return;
    const globals = director.lines.filter(({ block }) => block === 'global_defs');
    const has = (name: string): boolean =>
      globals.some(
        ({ statement: { keyword, args, block } }) =>
          keyword.text === name && (args.length > 0 || (block?.statements.length ?? 0) > 0),
      );
    const missing = [
      ...(has('smtp_server') ? [] : ["'smtp_server HOST'"]),
      ...(has('notification_email') ? [] : ["'notification_email { ADDRESS }'"]),
    ];
    if (missing.length === 0) return;
    yield {
      at: spanOf(asked.statement),
      message: `${asked.statement.keyword.text} asks for mail, and none is sent: global_defs lacks ${missing.join(' and ')}`,
      hint: `add ${missing.join(' and ')} to global_defs`,
    };
  },
};

function asksForMail({ statement, keyword }: PlacedLine): boolean {
  if (keyword === undefined || !/^smtp_alert(?:_vrrp|_checker)?$/.test(keyword.name)) return false;
  return !/^(?:off|false|no)$/.test(statement.args[0]?.text ?? '');
}
