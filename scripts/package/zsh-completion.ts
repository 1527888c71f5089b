import { genhashRows } from '../../src/cli/genhash.ts';
import { commandRows, optionRows } from '../../src/cli/options.ts';
import { commandPrograms } from './programs.ts';

/** What zsh completes for keepalived, watchkeeper and genhash (zshcompsys(1), _arguments). */
export function zshCompletionScript(): string {
  const commands = commandPrograms().map((program): readonly [string, readonly string[]] => [
    program.name().replace('watchkeeper ', ''),
    program.options.map(({ flags, description, argChoices }) => spec(flags, description, argChoices)),
  ]);
  const daemon = optionRows.map(({ flags, text }) => spec(flags, text));
  const names = commandRows.map(([name, text]) => quoted(`${name.split(' ')[0] ?? ''}:${text}`));
  return `#compdef keepalived watchkeeper genhash
# made from the programs' own tables

_watchkeeper_command() {
  local -a commands
  commands=(
    ${names.join('\n    ')}
  )
  _describe command commands
}

_watchkeeper() {
  if [[ $service == genhash ]]; then
${argumentsOf(genhashRows.map(([flags, text]) => spec(flags, text)))}
    return
  fi
  case \${words[2]} in
${commands.map(([name, specs]) => `  ${name})\n    shift words\n    (( CURRENT-- ))\n${argumentsOf([...specs, "'*:file:_files'"])}\n    ;;`).join('\n')}
  *)
${argumentsOf([...daemon, "'1: :_watchkeeper_command'"])}
    ;;
  esac
}

_watchkeeper "$@"
`;
}

function argumentsOf(specs: readonly string[]): string {
  return ['    _arguments -s', ...specs].join(' \\\n      ');
}

/** One option with its names, which exclude each other, what it does, and what follows it. */
function spec(flags: string, text: string, choices: readonly string[] = []): string {
  const names = flags.match(/(?<![\w-])--?[\w-]+/g) ?? [];
  const [, bracket = '', placeholder = ''] = /([<[])([^>\]]+)[>\]]/.exec(flags) ?? [];
  const repeated = flags.startsWith('-D');
  const forms = names.map((name) => `${name}${attachment(name, bracket)}`);
  const action = choices.length > 0 ? `(${choices.join(' ')})` : placeholder.includes('FILE') ? '_files' : ' ';
  const value = bracket === '' ? '' : `${bracket === '[' ? '::' : ':'}${placeholder}:${action}`;
  const head = repeated ? '*' : names.length > 1 ? `(${names.join(' ')})` : '';
  const tail = quoted(`[${text.replace(/[[\]\\]/g, '\\$&')}]${value}`);
  const shown = forms.length > 1 ? `{${forms.join(',')}}` : (forms[0] ?? '');
  return `${head === '' ? '' : `'${head}'`}${shown}${tail}`;
}

/** How a value follows a name: an optional one without a blank only. */
function attachment(name: string, bracket: string): string {
  if (bracket === '') return '';
  const isLong = name.startsWith('--');
  if (bracket === '[') return isLong ? '=-' : '-';
  return isLong ? '=' : '+';
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
