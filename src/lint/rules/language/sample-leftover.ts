import type { Word } from '../../../parser/index.ts';
import type { Director } from '../../director.ts';
import type { Rule } from '../../rule.ts';

const addresses = /@firewall\.loc$/i;
const server = '192.168.200.1';

/** The sample configuration of many packages holds the addresses of its author. */
export const sampleLeftover: Rule = {
  id: 'sample-leftover',
  severity: 'warning',
  title: 'mail settings of the sample configuration',
  *check(director) {
    const leftovers = [...sampleWords(director)];
    const [word] = leftovers;
    if (word === undefined || !leftovers.some(({ text }) => addresses.test(text))) return;
    if (
      !director.lines.some(
        ({ block, statement }) => block === 'global_defs' && statement.keyword.text === 'smtp_server',
      )
    )
      return;
    const sent = sendsMail(director);
    yield {
      at: word.span,
      message: `${leftovers.map(({ text }) => text).join(', ')} came with the sample configuration${
        sent ? ': mail about this director goes nowhere' : ''
      }`,
      hint: 'write your own server and addresses, or remove smtp_server and the addresses',
      ...(sent ? {} : { severity: 'info' }),
    };
  },
};

function* sampleWords({ lines }: Director): Iterable<Word> {
  for (const { statement, block } of lines) {
    if (block !== 'global_defs') continue;
    const { keyword, args } = statement;
    if (keyword.text === 'notification_email') {
      const inside = (statement.block?.statements ?? []).flatMap((line) => [line.keyword, ...line.args]);
      yield* [...args, ...inside].filter(({ text }) => addresses.test(text));
    } else if (keyword.text === 'notification_email_from') yield* args.filter(({ text }) => addresses.test(text));
    else if (keyword.text === 'smtp_server') yield* args.filter(({ text }) => text === server);
  }
}

/** Real servers send mail unless told not to, instances only when told to. */
function sendsMail({ lines }: Director): boolean {
  const off = (text = ''): boolean => /^(?:off|false|no)$/.test(text);
  return (
    lines.some(({ statement }) => statement.keyword.text === 'real_server') ||
    lines.some(
      ({ statement, keyword }) => keyword?.name.startsWith('smtp_alert') === true && !off(statement.args[0]?.text),
    )
  );
}
