/** Shell completion, from the same definition of commands as --help. */
import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { oneLine } from './terminal/output.ts';

/** A command by the words that lead to it, such as `lab up`; empty for the program itself. */
interface Node {
  words: string;
  about: string;
  commands: readonly Node[];
  options: readonly Option[];
  /** The values of its first argument, if that is one of a few words. */
  choices: readonly string[];
}

/** The script that a shell reads. */
export function completionFor(shell: 'bash' | 'zsh' | 'fish', program: CommandUnknownOpts): string {
  const root = nodeOf(program, '');
  return { bash, zsh, fish }[shell](withAll(root));
}

function nodeOf(command: CommandUnknownOpts, words: string): Node {
  const below = (one: CommandUnknownOpts) => nodeOf(one, `${words} ${one.name()}`.trim());
  return {
    words,
    about: command.description(),
    commands: command.commands.map(below),
    options: command.options.filter(({ hidden }) => !hidden),
    choices: command.registeredArguments[0]?.argChoices ?? [],
  };
}

function withAll(node: Node): Node[] {
  return [node, ...node.commands.flatMap(withAll)];
}

const flagsOf = ({ short, long }: Option) => [short, long].filter((flag) => flag !== undefined);
const nameOf = ({ words }: Node) => words.split(' ').at(-1) ?? '';
const argumentsOf = ({ commands, choices }: Node) => [...commands.map(nameOf), ...choices];
/** In single quotes that each of these shells understands. */
const quoted = (text: string) => `'${text.replaceAll("'", '’')}'`;

/** The command before the cursor, for bash and zsh, with a space after each of its words. */
const path = (nodes: readonly Node[], typed: string) => `  local at='' word
  for word in ${typed}; do
    case "$at$word " in
      ${nodes.flatMap(({ words }) => (words === '' ? [] : quoted(`${words} `))).join('|')}) at="$at$word " ;;
    esac
  done`;

const key = ({ words }: Node) => quoted(words === '' ? '' : `${words} `);

function bash(nodes: readonly Node[]): string {
  const cases = nodes.map((node) => {
    const options = node.options.flatMap(flagsOf);
    return `    ${key(node)}) options=${quoted(options.join(' '))} words=${quoted(argumentsOf(node).join(' '))} ;;`;
  });
  const values = new Map(
    nodes.flatMap(({ options }) => options.map(({ long, argChoices }) => [long, argChoices])),
  );
  const valued = [...values].flatMap(([long, choices]) =>
    choices === undefined ? [] : `    ${long}) words=${quoted(choices.join(' '))} ;;`,
  );
  return `# bash completion of vgpubench: source <(vgpubench completion bash)
_vgpubench() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" options='' words=''
${path(nodes, '"${COMP_WORDS[@]:1:COMP_CWORD-1}"')}
  case "$at" in
${cases.join('\n')}
  esac
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
${valued.join('\n')}
  esac
  [[ $cur == -* ]] && words=$options
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _vgpubench vgpubench
`;
}

function zsh(nodes: readonly Node[]): string {
  const cases = nodes.map((node) => {
    const options = node.options.flatMap((one) =>
      flagsOf(one).map((flag) => described(flag, one.description)),
    );
    const below = [
      ...node.commands.map((one) => described(nameOf(one), one.about)),
      ...node.choices.map(quoted),
    ];
    return `    ${key(node)})\n      options=(${options.join(' ')})\n      below=(${below.join(' ')}) ;;`;
  });
  return `#compdef vgpubench
# zsh completion of vgpubench: source <(vgpubench completion zsh)
_vgpubench() {
${path(nodes, '"${(@)words[2,CURRENT-1]}"')}
  local -a options below
  case "$at" in
${cases.join('\n')}
  esac
  if [[ $PREFIX == -* ]]; then _describe option options
  elif (( $#below )); then _describe command below
  else _files
  fi
}
compdef _vgpubench vgpubench
`;
}

function described(word: string, about: string): string {
  return quoted(`${word}:${oneLine(about, LONGEST)}`);
}

function fish(nodes: readonly Node[]): string {
  const [root] = nodes;
  const groups = (root?.commands ?? []).filter(({ commands }) => commands.length > 0);
  const lines = nodes.flatMap((node) => {
    const where = `complete -c vgpubench -n ${quoted(fishCondition(node, groups))}`;
    const open = `complete -c vgpubench -n ${quoted(fishOpen(node, groups))}`;
    return [
      ...node.commands.map((one) => `${open} -f -a ${nameOf(one)} -d ${quoted(oneLine(one.about, LONGEST))}`),
      ...node.choices.map((choice) => `${where} -f -a ${choice}`),
      ...node.options.map((one) => {
        const flags = [one.short && `-s ${one.short.slice(1)}`, one.long && `-l ${one.long.slice(2)}`];
        const value = one.argChoices === undefined ? '-r' : `-x -a ${quoted(one.argChoices.join(' '))}`;
        const takes = one.required || one.optional ? [value] : [];
        return [
          where,
          ...flags.filter(Boolean),
          ...takes,
          `-d ${quoted(oneLine(one.description, LONGEST))}`,
        ].join(' ');
      }),
    ];
  });
  return `# fish completion of vgpubench: vgpubench completion fish | source\n${lines.join('\n')}\n`;
}

const seen = (names: readonly string[]) => `__fish_seen_subcommand_from ${names.join(' ')}`;

/**
 * Where a command's own options apply: after its words, and not after another group's command of the same
 * name.
 */
function fishCondition({ words }: Node, groups: readonly Node[]): string {
  if (words === '') return '__fish_use_subcommand';
  const parts = words.split(' ');
  const others = groups.map(nameOf).filter((name) => name !== parts[0]);
  return [...parts.map((part) => seen([part])), ...(others.length === 0 ? [] : [`not ${seen(others)}`])].join(
    '; and ',
  );
}

/** Where the subcommands of a command are offered: as long as none has been typed. */
function fishOpen(node: Node, groups: readonly Node[]): string {
  const own = fishCondition(node, groups);
  return node.words === '' ? own : `${own}; and not ${seen(node.commands.map(nameOf))}`;
}

/** The longest description that fits beside a word. */
const LONGEST = 80;
