import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { applyFixes } from '../../src/lint/index.ts';
import { SourceFile } from '../../src/parser/index.ts';
import { lintExample } from './pages.ts';

interface Row {
  readonly name: string;
  /** Lines of a vrrp_instance on lines 6 and following. */
  readonly instance?: string;
  /** Lines above it; the instance then begins below them. */
  readonly above?: string;
  readonly below?: string;
  readonly facts?: object;
  /** `severity line:column-endColumn message`; nothing where it must stay silent. */
  readonly finds?: readonly string[];
}

function rows(rule: string, table: readonly Row[]): void {
  describe(rule, () => {
    for (const { name, instance = '', above = '', below = '', facts, finds = [] } of table) {
      test(name, () => {
        const text =
          above +
          `vrrp_instance VI_1 {\n  interface eth0\n  virtual_router_id 51\n  virtual_ipaddress {\n    192.0.2.10/24\n  }\n${instance}\n}\n` +
          below;
        const found = lintExample({
          files: { '/etc/keepalived/keepalived.conf': text },
          peers: [],
          ...(facts === undefined ? {} : { facts: JSON.stringify(facts) }),
        });
        assert.deepEqual(
          found
            .filter((finding) => finding.rule === rule)
            .map(({ severity, span, message }) => {
              const { line, column, endColumn } = span ?? { line: 0, column: 0, endColumn: 0 };
              return `${severity} ${String(line)}:${String(column)}-${String(endColumn)} ${message}`;
            }),
          finds,
        );
      });
    }
  });
}

rows('words-after-command', [
  {
    name: 'a state is no user',
    instance: 'notify_backup /etc/keepalived/n.sh BACKUP 5',
    finds: ["error 7:36-44 notify_backup runs its command as user 'BACKUP', without 'BACKUP 5' as arguments"],
  },
  {
    name: 'an option after the quote',
    instance: 'notify_backup "/etc/keepalived/n.sh" -v',
    finds: ["error 7:38-40 notify_backup runs its command as user '-v', without '-v' as arguments"],
  },
  { name: 'user and group', instance: 'notify_backup "/etc/keepalived/n.sh backup" nobody nogroup' },
  { name: 'a user after a command without quotes', instance: 'notify_backup /etc/keepalived/n.sh deploy' },
  { name: 'single quotes hold a command together', instance: "notify_backup '/etc/keepalived/n.sh backup' root" },
  { name: 'an escaped blank does too', instance: 'notify_backup /etc/keepalived/n.sh\\ backup root' },
  {
    name: 'a user that the host does not have',
    instance: 'notify_backup /etc/keepalived/n.sh deploy',
    facts: { users: ['root'] },
    finds: ["error 7:36-42 notify_backup runs its command as user 'deploy', without 'deploy' as arguments"],
  },
  {
    name: 'a user with the name of a state that the host has',
    instance: 'notify_backup /etc/keepalived/n.sh backup',
    facts: { users: ['root', 'backup'] },
  },
  {
    name: 'a vrrp_script loses its arguments',
    above: 'vrrp_script c {\n  script /bin/check -q\n}\n',
    instance: 'track_script {\nc\n}',
    finds: ["error 2:21-23 '-q' after the command of script is not passed to it"],
  },
]);

rows('unclosed-single-quote', [
  {
    name: 'a comment inside single quotes',
    instance: "notify_backup '/bin/logger #1'",
    finds: ['error 7:1-27 the single quote in notify_backup is not closed, and the script is not run'],
  },
  { name: 'a comment character inside double quotes', instance: 'notify_backup "/bin/logger \'#1\'"' },
  { name: 'an escaped apostrophe', instance: 'notify_backup "/bin/logger we\\\'re"' },
  { name: 'an apostrophe in an inner double quote', instance: 'notify_backup "/bin/logger \\"a\'b\\""' },
]);

rows('quote-inside-word', [
  {
    name: 'a word of three parts',
    above: 'global_defs {\n  router_id five"six"seven\n}\n',
    finds: [`warning 2:13-22 'five"six"' in router_id is two words: a double quote ends a word`],
  },
  {
    name: 'in a value block',
    above: 'global_defs {\n  notification_email {\n    "a"@example.com\n  }\n}\n',
    finds: [`warning 3:5-20 '"a"@example.com' in a is two words: a double quote ends a word`],
  },
  {
    name: 'a password does not show',
    instance: 'authentication {\n auth_type PASS\n auth_pass "ab"cd\n}',
    finds: ['warning 9:12-18 the value in auth_pass is two words: a double quote ends a word'],
  },
  { name: 'a brace after the quote', above: 'vrrp_script "a"{\n script "/bin/true"\n}\n' },
  { name: 'a comment after the quote', above: 'global_defs {\n  router_id "a"#b\n}\n' },
  { name: 'pieces of a command are one word', instance: 'notify_backup "/bin"/true' },
]);

rows('comment-inside-word', [
  {
    name: 'a password does not show',
    instance: 'authentication {\n  auth_type PASS\n  auth_pass Test!x\n}',
    finds: ["warning 9:13-19 '!' begins a comment also inside a word: auth_pass is cut off there"],
  },
  {
    name: 'a path',
    instance: 'notify_backup /opt/c#/n.sh',
    finds: ["warning 7:15-27 '#' begins a comment also inside a word: notify_backup is '/opt/c'"],
  },
  { name: 'a comment after a blank', instance: 'notify_backup /opt/c #/n.sh' },
  { name: 'after a number', instance: 'priority 100#the higher' },
  { name: 'after a quoted word', instance: 'notify_backup "/opt/c"#comment' },
  { name: 'escaped', instance: 'authentication {\n  auth_type PASS\n  auth_pass Test\\!x\n}' },
]);

rows('typographic-character', [
  {
    name: 'quotes, once a line',
    instance: 'notify_backup “/bin/true x”',
    finds: ["error 7:15-16 '“' (U+201C) is a letter like others to keepalived: it is part of the word around it"],
  },
  {
    name: 'a non-breaking blank',
    instance: '\u00a0priority 100',
    finds: [
      'error 7:1-2 a special blank (U+00A0) is a letter like others to keepalived: it is part of the word around it',
    ],
  },
  {
    name: 'an invisible character in quotes',
    instance: 'notify_backup "/bin/tr\u200bue"',
    finds: [
      'error 7:23-24 an invisible character (U+200B) is a letter like others to keepalived: it is part of the word around it',
    ],
  },
  { name: 'in a comment', instance: 'priority 100 # “high” – higher\u00a0than the other' },
  { name: 'quotes in quotes', instance: 'notify_backup "/usr/bin/logger “backup”"' },
  { name: 'letters of other languages', above: 'global_defs {\n router_id Büro\n}\n' },
]);

rows('line-continuation', [
  {
    name: 'on an ordinary line',
    instance: 'priority \\\n100',
    finds: [
      'error 7:10-11 the line does not go on: outside a definition the backslash is a word of its own, or part of one',
    ],
  },
  { name: 'in a definition', above: '$A=priority 100 \\\nadvert_int 1\n' },
  {
    name: 'a comment in a definition',
    above: '$A=priority 100 \\\n# comment\nadvert_int 1\n',
    finds: [
      'error 2:1-2 a blank or comment line does not end the definition: the line after it belongs to the definition too',
    ],
  },
  { name: 'an empty line ends a definition', above: '$A=priority 100 \\\n\n$B=1\n' },
  { name: 'in a comment', instance: '# priority \\' },
]);

rows('undefined-parameter', [
  {
    name: 'with braces',
    instance: 'priority ${PRIO}',
    finds: ['error 7:10-17 ${PRIO} is not defined here, so it stays as it is, and its braces open and close a block'],
  },
  {
    name: 'defined after its use',
    above: '$X=1\n',
    instance: 'virtual_router_id $ID',
    below: '$ID=4\n',
    finds: ["error 8:19-22 $ID is not defined here, so '$ID' stays as it is"],
  },
  {
    name: 'a blank before the sign',
    above: '$ID = 4\n',
    finds: ["error 1:1-8 '$ID =' defines nothing: no blank may stand before the '='"],
  },
  { name: 'a password', instance: 'authentication {\n  auth_type PASS\n  auth_pass $ecret\n}' },
  { name: 'of a repetition', below: '~SEQ(I, 1, 2) vrrp_script s$I {\n' },
  { name: 'a shell in a command', instance: 'notify_backup "/bin/sh -c \'echo $X ${Y}\'"' },
]);

rows('flag-with-argument', [
  {
    name: 'off',
    instance: 'nopreempt off',
    finds: ["error 7:1-14 'nopreempt off' switches nopreempt on: it takes no argument, and none is read"],
  },
  { name: 'on', instance: 'nopreempt true' },
  { name: 'a boolean', instance: 'smtp_alert off' },
]);

rows('extra-words', [
  {
    name: 'a unit',
    instance: 'advert_int 1 s',
    finds: ["warning 7:14-15 's' after advert_int 1 is ignored"],
  },
  {
    name: 'a password of two words',
    instance: 'authentication {\n  auth_type PASS\n  auth_pass my secret\n}',
    finds: ['warning 9:16-22 what follows the first word of auth_pass is ignored'],
  },
  { name: 'reverse', above: 'vrrp_script c {\n script "/bin/true"\n weight 10 reverse\n}\n' },
  { name: 'user and group', above: 'global_defs {\n script_user root root\n notify_fifo /run/f root root\n}\n' },
  { name: 'a flag that is on', instance: 'nopreempt true' },
  { name: 'a server and its port', above: 'global_defs {\n smtp_server 192.0.2.1 25\n}\n' },
]);

rows('repeated-keyword', [
  {
    name: 'the last counts',
    instance: 'priority 100\npriority 90',
    finds: ["warning 8:1-12 priority is given twice in vrrp_instance VI_1: 'priority 90' counts"],
  },
  {
    name: 'in two global_defs',
    above: 'global_defs {\n router_id a\n}\nglobal_defs {\n router_id b\n}\n',
    finds: ["warning 5:2-13 router_id is given twice in global_defs: 'router_id b' counts"],
  },
  {
    name: 'a password does not show',
    instance: 'authentication {\n auth_type PASS\n auth_pass one\n auth_pass two\n}',
    finds: ['warning 10:2-15 auth_pass is given twice in authentication: the last line counts'],
  },
  {
    name: 'a script',
    above: 'vrrp_script c {\n script /bin/a\n script /bin/b\n}\n',
    finds: ["warning 3:2-15 script is given twice in vrrp_script c: 'script /bin/b' counts"],
  },
  { name: 'the same twice', instance: 'priority 100\npriority 100' },
  { name: 'another under a condition', instance: 'priority 100\n@low priority 90' },
  { name: 'in two blocks', below: 'vrrp_instance VI_2 {\n interface eth1\n virtual_router_id 51\n}\n' },
  {
    name: 'interfaces of a garp_group',
    below: 'garp_group {\n garp_interval 1\n interface eth0\n interface eth1\n}\n',
  },
]);

rows('unused-object', [
  {
    name: 'a script',
    above: 'vrrp_script a {\n script "/bin/true"\n}\n',
    finds: ['warning 1:1-14 nothing uses vrrp_script a'],
  },
  {
    name: 'a script of a sync group',
    above: 'vrrp_script a {\n script "/bin/true"\n}\n',
    below: 'vrrp_sync_group G {\n group {\n VI_1\n }\n track_script {\n a\n }\n}\n',
  },
  {
    name: 'a file of a check',
    above: 'track_file a {\n file /run/a\n}\n',
    below:
      'virtual_server 192.0.2.10 80 {\n lb_algo rr\n lb_kind DR\n real_server 192.0.2.20 80 {\n FILE_CHECK {\n track_file a\n}\n}\n}\n',
  },
  {
    name: 'a session that the neighbour may look at',
    above: 'bfd_instance b {\n neighbor_ip 192.0.2.3\n}\n',
    finds: ['info 1:1-15 nothing uses bfd_instance b'],
  },
]);

rows('script-insecure', [
  {
    name: 'run as its owner',
    instance: 'notify_backup /opt/n.sh app',
    facts: { programs: { '/opt/n.sh': { executable: true, insecure: '/opt/n.sh belongs to app' } } },
  },
  {
    name: 'run as root',
    instance: 'notify_backup "/opt/n.sh x"',
    facts: { programs: { '/opt/n.sh': { executable: true, insecure: '/opt/n.sh belongs to app' } } },
    finds: ['error 7:1-28 /opt/n.sh of notify_backup is run as root, and /opt/n.sh belongs to app'],
  },
]);

rows('sample-leftover', [
  {
    name: 'nothing is sent: only advice',
    above: 'global_defs {\n notification_email_from Alexandre.Cassen@firewall.loc\n smtp_server 192.168.200.1\n}\n',
    finds: ['info 2:26-55 Alexandre.Cassen@firewall.loc, 192.168.200.1 came with the sample configuration'],
  },
  {
    name: 'a server at this address of their own',
    above: 'global_defs {\n notification_email {\n a@example.com\n }\n smtp_server 192.168.200.1\n smtp_alert\n}\n',
  },
]);

const script = (command: string): string => `vrrp_script c {\n  script ${command}\n}\n`;

rows('relative-path', [
  {
    name: 'a script',
    above: script('bin/check'),
    finds: ["warning 2:3-19 'bin/check' of script is looked up from where the daemon was started"],
  },
  {
    name: 'a home',
    above: script('"~/check -v"'),
    finds: ["warning 2:3-22 no shell replaces the '~' in '~/check' of script"],
  },
  {
    name: 'a FIFO',
    above: 'global_defs {\n notify_fifo run/f\n}\n',
    finds: ["warning 2:14-19 'run/f' of notify_fifo is looked up from where the daemon was started"],
  },
  { name: 'a name without a folder', above: script('check') },
  { name: 'a parameter', above: '$DIR=/opt\n' + script('"${DIR}/check"') },
]);

rows('shell-command-unquoted', [
  {
    name: 'several words',
    above: script('"/bin/sh -ec exit 3"'),
    finds: ["warning 2:3-30 script runs 'exit' only: a shell takes one word after -ec, and '3' is its parameter"],
  },
  { name: 'one word', above: script('"/bin/sh -c \'exit 3\'"') },
  { name: 'a script with its parameters', above: script('"/bin/sh /opt/c.sh -c x y"') },
  { name: 'commands with parameters', above: script('"/bin/sh -c \'test -f $1\' sh /run/f"') },
]);

rows('single-quoted-text', [
  {
    name: 'a password does not show',
    instance: "authentication {\n auth_type PASS\n auth_pass 'abc'\n}",
    finds: ['warning 9:12-17 the single quotes are part of auth_pass, and count among its characters'],
  },
  { name: 'a command', above: script("'/bin/check -v'") },
  { name: 'an apostrophe', above: "global_defs {\n router_id x'y\n}\n" },
]);

rows('separator-after-word', [
  {
    name: 'between addresses of mail',
    above: 'global_defs {\n notification_email {\n a@example.com, b@example.com;\n }\n}\n',
    finds: [
      "error 3:2-16 the ',' is part of 'a@example.com,' in notification_email",
      "error 3:17-31 the ';' is part of 'b@example.com;' in notification_email",
    ],
  },
  { name: 'a password', instance: 'authentication {\n auth_type PASS\n auth_pass abc;\n}' },
  { name: 'in quotes', above: 'global_defs {\n router_id "a;"\n}\n' },
]);

rows('parameter-not-expanded', [
  {
    name: 'before a colon',
    above: '$IF=eth0\n',
    instance: 'notify_backup "/bin/x $IF:1 ${IF}:1 $IF"',
    finds: [
      'error 8:23-26 $IF is not replaced here: without braces it ends at a blank, a comma or the end of the line',
      'error 8:37-40 $IF is not replaced here: without braces it ends at a blank, a comma or the end of the line',
    ],
  },
  { name: 'a longer name', above: '$I=eth0\n', instance: 'virtual_ipaddress_excluded {\n 192.0.2.4 dev $IF\n}' },
  { name: 'in a comment', above: '$IF=eth0\n# $IF.1\n' },
  { name: 'another definition', above: '$IF=eth0\n$IF=eth1\n' },
]);

rows('kill-by-name', [
  {
    name: 'a name, under a timeout',
    above: script('"/usr/bin/timeout 2 /bin/kill -0 haproxy"'),
    finds: ["warning 2:3-51 kill takes process ids, and 'haproxy' in script is a name: the check fails always"],
  },
  { name: 'killall', above: script('"killall -0 haproxy"') },
  { name: 'a process id', above: script('"/bin/kill -0 1"') },
]);

rows('dev-tcp-without-bash', [
  {
    name: 'given to sh',
    above: script('"/bin/sh -c \'</dev/tcp/127.0.0.1/80\'"'),
    finds: [
      'warning 2:3-47 script needs bash for /dev/tcp/127.0.0.1/80, and is run by /bin/sh, which is another shell on Debian, Ubuntu and Alpine: there it fails always',
    ],
  },
  { name: 'given to bash', above: script('"/bin/bash -c \'</dev/tcp/127.0.0.1/80\'"') },
]);

rows('curl-without-fail', [
  {
    name: 'only the status of the connection',
    above: script('"curl -sk -o /dev/null https://127.0.0.1/"'),
    finds: ['warning 2:3-52 curl in script succeeds with every answer, also 500 and 503'],
  },
  { name: 'among other letters', above: script('"curl -skLf https://127.0.0.1/"') },
  { name: 'written out', above: script('"curl --fail-with-body https://127.0.0.1/"') },
  { name: 'a notification', instance: 'notify_master "/usr/bin/curl https://127.0.0.1/"' },
]);

describe('the fix of extra-words', () => {
  const fixed = (text: string): string | undefined => {
    const file = '/etc/keepalived/keepalived.conf';
    const findings = lintExample({ files: { [file]: text }, peers: [] }).filter(({ rule }) => rule === 'extra-words');
    assert.equal(findings.length, 1);
    const bytes = applyFixes(findings, [new SourceFile(file, new TextEncoder().encode(text))]).files.get(file);
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  };
  test('makes a comment of what was meant as one', () => {
    assert.equal(
      fixed('global_defs {\n router_id a // the first\n}\n'),
      'global_defs {\n router_id a # the first\n}\n',
    );
  });
  test('leaves a line that goes on after a brace', () => {
    assert.equal(fixed('global_defs { router_id a // the first }\n'), undefined);
  });
  test('leaves words that may have been meant', () => {
    assert.equal(fixed('global_defs {\n router_id a b\n}\n'), undefined);
  });
});

test('a large configuration that is right has no errors', () => {
  const servers = Array.from(
    { length: 2_000 },
    (_, i) =>
      ` real_server 10.1.${String(i >> 8)}.${String(i & 255)} 80 {\n weight 1\n TCP_CHECK {\n connect_timeout 3\n }\n notify_up "/bin/x up" root\n }\n`,
  );
  const text = `virtual_server 192.0.2.10 80 {\n lb_algo rr\n lb_kind DR\n${servers.join('')}}\n`;
  const found = lintExample({ files: { '/etc/keepalived/keepalived.conf': text }, peers: [] });
  assert.deepEqual(
    found.filter(({ severity }) => severity === 'error'),
    [],
  );
});
