/**
 * The manual pages, made from the tables that the programs themselves are made from: options, commands, keywords.
 *   npx tsx scripts/man-pages.ts FOLDER     writes them there: man -l FOLDER/keepalived.8
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { commandRows, defaultConfigFile, optionRows } from '../src/cli/options.ts';
import { genhashRows } from '../src/cli/genhash.ts';
import { allKeywords, type Keyword } from '../src/config/index.ts';
import { argument } from './generate-grammar.ts';
import { commandPrograms } from './package/programs.ts';
import { example, heading, item, paragraph, subheading, title } from './package/roff.ts';

/** The pages by their file names. */
export function manPages(version: string): ReadonlyMap<string, string> {
  return new Map([
    ['keepalived.8', daemonPage(version)],
    ['keepalived.conf.5', configurationPage(version)],
    ['genhash.1', genhashPage(version)],
    ...commandPrograms().map((program): readonly [string, string] => [
      `${program.name().replace(' ', '-')}.1`,
      commandPage(program, version),
    ]),
  ]);
}

function daemonPage(version: string): string {
  return [
    title('keepalived', 8, version),
    heading('name'),
    'keepalived, watchkeeper \\- IPVS, health checks and VRRP on a Linux director\n',
    heading('synopsis'),
    paragraph('keepalived [OPTION...]'),
    paragraph('watchkeeper COMMAND [OPTION...]'),
    heading('description'),
    paragraph(
      "Watchkeeper takes keepalived's place. It reads keepalived.conf(5), programs the IPVS table of the kernel, checks the real servers, runs " +
        'VRRP with sync groups, moves the virtual addresses, and tells people and scripts what happened. keepalived and watchkeeper are the same program.',
    ),
    paragraph(
      'A supervisor starts a process for VRRP, one for the checkers and one for BFD, each where the configuration asks for it, and starts a ' +
        'part again that dies; that part takes up what its predecessor held.',
    ),
    heading('options'),
    ...optionRows.map(({ flags, text }) => item(flags, text)),
    heading('commands'),
    ...commandRows.map(([name, text]) => {
      const page = `watchkeeper-${name.split(' ')[0] ?? ''}(1)`;
      return item(`watchkeeper ${name}`, `${text}: ${page}`);
    }),
    heading('signals'),
    paragraph('To the supervisor, whose number is in its pid file:'),
    item('SIGHUP', 'read the configuration again; one that has errors is refused as a whole and the running one stays'),
    item('SIGTERM, SIGINT', 'stop: release the addresses, take our entries out of the IPVS table'),
    item('SIGUSR1', 'write the state of everything to /tmp/keepalived.data'),
    item('SIGUSR2', 'write counters to /tmp/keepalived.stats'),
    item('SIGRTMIN+2', 'write the state as JSON to /tmp/keepalived.json'),
    item('SIGRTMIN+3', 'stop, but leave addresses, table and states to the next process, which goes on with them'),
    item('SIGRTMAX-1', 'write counters and set them to 0'),
    paragraph('Their numbers are printed by keepalived --signum=NAME.'),
    heading('exit status'),
    paragraph(
      'Of the daemon: 0 when it was stopped, another when it could not run. Of -t: 0 when the configuration has no errors. Commands tell theirs in their pages.',
    ),
    heading('files'),
    item(defaultConfigFile, 'the configuration'),
    item('/etc/default/keepalived', 'DAEMON_ARGS: options for the service keepalived.service'),
    item('/run/keepalived.pid', 'the pid of the supervisor; vrrp.pid, checkers.pid and bfd.pid are those of the parts'),
    heading('see also'),
    paragraph(
      [
        'keepalived.conf(5)',
        'genhash(1)',
        ...commandPrograms().map((each) => `${each.name().replace(' ', '-')}(1)`),
        'ipvsadm(8)',
      ].join(', '),
    ),
  ].join('');
}

function genhashPage(version: string): string {
  return [
    title('genhash', 1, version),
    heading('name'),
    'genhash \\- the digest of a page, for HTTP_GET and SSL_GET\n',
    heading('synopsis'),
    paragraph('genhash -s ADDRESS -p PORT -u URL [OPTION...]'),
    heading('description'),
    paragraph(
      'Asks a server for a page as the checks HTTP_GET and SSL_GET of keepalived.conf(5) do, and prints the MD5 digest of its body: what the keyword digest is compared with.',
    ),
    heading('options'),
    ...genhashRows.map(([flags, text]) => item(flags, text)),
    heading('exit status'),
    paragraph('0, also where the server did not answer; 1 where the options are wrong.'),
    heading('examples'),
    example([
      'genhash -s 192.168.170.35 -p 80 -u /',
      'genhash -S -s 192.168.170.35 -p 443 -V www.example.org -I -u /health',
    ]),
    heading('see also'),
    paragraph('keepalived(8), keepalived.conf(5), watchkeeper-check(1)'),
  ].join('');
}

function commandPage(program: Command, version: string): string {
  const [summary = '', ...more] = program.description().split('\n');
  const words = program.registeredArguments.map((each) => {
    const name = each.variadic ? `${each.name()}...` : each.name();
    return each.required ? name : `[${name}]`;
  });
  const page = program.name().replace(' ', '-');
  return [
    title(page, 1, version),
    heading('name'),
    `${page.replaceAll('-', '\\-')} \\- ${oneLine(program.name())}\n`,
    heading('synopsis'),
    paragraph([program.name(), '[OPTION...]', ...words].join(' ')),
    heading('description'),
    paragraph(summary),
    ...more.map(paragraph),
    ...program.registeredArguments.map((each) => item(each.name(), each.description)),
    heading('options'),
    ...program.options.map((option) => {
      const remarks = [
        option.argChoices === undefined ? [] : [`one of ${option.argChoices.join(', ')}`],
        typeof option.defaultValue === 'string' || typeof option.defaultValue === 'number'
          ? [`default: ${String(option.defaultValue)}`]
          : [],
      ].flat();
      return item(
        option.flags,
        remarks.length === 0 ? option.description : `${option.description} (${remarks.join('; ')})`,
      );
    }),
    item('-h, --help', 'display help for command'),
    heading('see also'),
    paragraph('keepalived(8), keepalived.conf(5)'),
  ].join('');
}

/** What the list of commands says of one. */
function oneLine(name: string): string {
  const row = commandRows.find(([words]) => name === `watchkeeper ${words.split(' ')[0] ?? ''}`);
  return (row?.[1] ?? '').replaceAll('-', '\\-').replaceAll("'", '\\(aq');
}

const language: readonly (readonly [string, string])[] = [
  ['# text, ! text', 'a comment'],
  ['keyword argument', 'a setting: one a line'],
  ['keyword {', 'a block begins; it ends with }'],
  ['"two words"', 'one argument'],
  [
    'include FILE',
    'another file, or all that fit a pattern, in its place; includer, includem, includew, includeb and includea say what is an error',
  ],
  ['@ID line, @^ID line', 'a line for the director that was started with -i ID, or for all others'],
  ['$NAME=text', 'a definition; $NAME or ${NAME} stands for it'],
  ['${_ENV NAME}', 'the variable NAME of the environment'],
  ['~SEQ(NAME, 1, 3)', 'the line once for each number; ~LST(NAME, a, b) once for each word'],
];

function configurationPage(version: string): string {
  const blocks = new Map<string, Keyword[]>();
  for (const keyword of allKeywords()) blocks.set(keyword.block, [...(blocks.get(keyword.block) ?? []), keyword]);
  return [
    title('keepalived.conf', 5, version),
    heading('name'),
    'keepalived.conf \\- configuration of keepalived and Watchkeeper\n',
    heading('description'),
    paragraph(
      `${defaultConfigFile} says which virtual servers, real servers, checks and VRRP instances a director has. This page has every keyword with its ` +
        'argument, its default and the release of keepalived that first had it. watchkeeper-lint(1) finds mistakes.',
    ),
    ...language.map(([form, text]) => item(form, text)),
    heading('example'),
    example([
      'vrrp_instance VI_1 {',
      '    interface eth0',
      '    virtual_router_id 41',
      '    priority 100',
      '    virtual_ipaddress {',
      '        192.168.0.174',
      '    }',
      '}',
      'virtual_server 192.168.0.174 80 {',
      '    delay_loop 6',
      '    lb_algo rr',
      '    lb_kind NAT',
      '    protocol TCP',
      '    real_server 192.168.170.25 80 {',
      '        TCP_CHECK {',
      '            connect_timeout 3',
      '        }',
      '    }',
      '}',
    ]),
    heading('keywords'),
    ...[...blocks].flatMap(([block, keywords]) => [
      subheading(block === '(root)' ? 'Top level' : `In ${block.replaceAll('/', ', in it ')}`),
      ...keywords.map((keyword) => item([keyword.name, argument(keyword)].join(' ').trim(), remarks(keyword))),
    ]),
    heading('see also'),
    paragraph('keepalived(8), watchkeeper-lint(1), watchkeeper-fmt(1), genhash(1)'),
  ].join('');
}

function remarks(keyword: Keyword): string {
  const parts = [
    keyword.default === undefined ? [] : [`default: ${keyword.default}`],
    [`since ${keyword.since}`],
    keyword.insteadUse === undefined ? [] : [`deprecated, instead: ${keyword.insteadUse}`],
    keyword.done ? [] : ['has no effect here yet'],
  ];
  return `${parts.flat().join('; ')}.`;
}

if (process.argv[1] === import.meta.filename) {
  const folder = process.argv[2] ?? '.';
  const description = readFileSync(path.join(import.meta.dirname, '../package.json'), 'utf8');
  const { version } = JSON.parse(description) as { readonly version: string };
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of manPages(version)) writeFileSync(path.join(folder, name), text);
}
