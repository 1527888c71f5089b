import { commandRows, optionRows } from '../../src/cli/options.ts';
import { genhashRows } from '../../src/cli/genhash.ts';
import { commandPrograms } from './programs.ts';

/** One option: its words, whether a value follows, and what that can be. */
interface Completed {
  readonly words: readonly string[];
  readonly takesValue: boolean;
  readonly file: boolean;
  readonly values: readonly string[];
}

function completed(flags: string, values: readonly string[] = []): Completed {
  const placeholder = /<([^>]+)>/.exec(flags)?.[1];
  return {
    words: flags.match(/(?<![\w-])--?[\w-]+/g) ?? [],
    takesValue: placeholder !== undefined,
    file: placeholder === 'FILE',
    values,
  };
}

/** What bash completes for keepalived, watchkeeper and genhash (bash(1), Programmable Completion). */
export function completionScript(): string {
  const commands = commandPrograms().map((program): readonly [string, readonly Completed[]] => [
    program.name().replace('watchkeeper ', ''),
    program.options.map(({ flags, argChoices }) => completed(flags, argChoices)),
  ]);
  const names = commandRows.map(([name]) => name.split(' ')[0] ?? '');
  const daemon = optionRows.map(({ flags }) => completed(flags));
  const genhash = genhashRows.map(([flags]) => completed(flags));
  return `# bash completion for keepalived, watchkeeper and genhash; made from the programs' own tables
_watchkeeper() {
    local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=''
    [ "$COMP_CWORD" -gt 1 ] && command=\${COMP_WORDS[1]}
    [ "\${COMP_WORDS[0]##*/}" = genhash ] && command=genhash
    local IFS=$'\\n'
    COMPREPLY=()
    case $command in
${[...commands, ['genhash', genhash] as const].map(([name, options]) => caseOf(name, options)).join('\n')}
    *)
${choice(daemon, names)}
        ;;
    esac
}
complete -F _watchkeeper keepalived watchkeeper genhash
`;
}

function caseOf(name: string, options: readonly Completed[]): string {
  return `    ${name})\n${choice(options, [])}\n        ;;`;
}

const files = 'compgen -f -- "$cur"';

/** The words are lines, since names of files may have spaces. */
function oneOf(words: readonly string[]): string {
  return `compgen -W $'${[...new Set(words)].join('\\n')}' -- "$cur"`;
}

/** After an option with a value, that value; else options after a dash, and commands or files. */
function choice(options: readonly Completed[], names: readonly string[]): string {
  const rows = options
    .filter(({ takesValue }) => takesValue)
    .map(({ words, file, values }) => {
      return `        ${words.join(' | ')}) COMPREPLY=($(${file ? files : oneOf(values)})) ;;`;
    });
  const all = [...options.flatMap(({ words }) => words), ...(names.length === 0 ? ['-h', '--help'] : names)];
  return `        case $prev in
${rows.join('\n')}
        *)
            if [[ $cur == -*${names.length === 0 ? '' : ' || $COMP_CWORD -eq 1'} ]]; then
                COMPREPLY=($(${oneOf(all)}))
            else
                COMPREPLY=($(${files}))
            fi
            ;;
        esac`;
}
