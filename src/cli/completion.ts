import type { Command, Option } from "commander";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** The script that makes a shell complete the commands and options of a program, by the program's own declarations. */
export function completionScript(program: Command, shell: Shell): string {
  const name = program.name();
  const commands = program.commands.map((command) => ({
    name: command.name(),
    summary: command.summary(),
    options: command.createHelp().visibleOptions(command),
  }));
  return { bash, zsh, fish }[shell](name, commands);
}

interface DescribedCommand {
  name: string;
  summary: string;
  options: Option[];
}

const functionOf = (name: string): string => `_${name.replace(/\W/g, "_")}`;

const takesValue = ({ required, optional }: Option): boolean => required || optional;

const flagsOf = ({ short, long }: Option): string[] => [short, long].filter((flag) => flag !== undefined);

/** A word in single quotes, in a text of bash or zsh. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Files are completed where there is nothing else to say, such as after `exec … --`. */
function bash(name: string, commands: readonly DescribedCommand[]): string {
  const values = commands.flatMap((command) =>
    command.options.filter(takesValue).map((option) => {
      const pattern = flagsOf(option)
        .map((flag) => `"${command.name} ${flag}"`)
        .join("|");
      return `    ${pattern}) words=${quote((option.argChoices ?? []).join(" "))} ;;`;
    }),
  );
  const flags = commands.map(
    ({ name, options }) => `        ${name}) words=${quote(options.flatMap(flagsOf).join(" "))} ;;`,
  );
  return `# source <(${name} completion bash)
${functionOf(name)}() {
  local words="" current="\${COMP_WORDS[COMP_CWORD]}" IFS=$' \\t\\n'
  case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD-1]}" in
${values.join("\n")}
    *)
      if [ "$COMP_CWORD" -eq 1 ]; then
        words=${quote(commands.map((command) => command.name).join(" "))}
      elif [[ " \${COMP_WORDS[*]:0:COMP_CWORD} " != *" -- "* ]]; then
        case "\${COMP_WORDS[1]}" in
${flags.join("\n")}
        esac
      fi ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F ${functionOf(name)} ${name}
`;
}

function zsh(name: string, commands: readonly DescribedCommand[]): string {
  const own = functionOf(name);
  const described = commands.map(
    (command) => `      ${quote(`${command.name.replaceAll(":", "\\:")}:${command.summary}`)}`,
  );
  const cases = commands.map(({ name, options }) => {
    const specs = options.flatMap((option) => {
      const description = option.description.replace(/[[\]:\\]/g, "\\$&");
      const values = option.argChoices ? `(${option.argChoices.join(" ")})` : "_files";
      const value = takesValue(option) ? `:value:${values}` : "";
      return flagsOf(option).map((flag) => `        ${quote(`*${flag}[${description}]${value}`)}`);
    });
    return `    ${name}) _arguments \\\n${[...specs, "        '*::command:_normal'"].join(" \\\n")} ;;`;
  });
  return `#compdef ${name}
# source <(${name} completion zsh)
${own}() {
  if (( CURRENT == 2 )); then
    local -a commands=(
${described.join("\n")}
    )
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${cases.join("\n")}
  esac
}
if [ "$funcstack[1]" = "${own}" ]; then ${own} "$@"; else compdef ${own} ${name}; fi
`;
}

function fish(name: string, commands: readonly DescribedCommand[]): string {
  const quoted = (text: string) => `'${text.replace(/[\\']/g, "\\$&")}'`;
  const names = commands.map((command) => command.name).join(" ");
  const isFirst = `not __fish_seen_subcommand_from ${names}`;
  const lines = commands.flatMap(({ name: command, summary, options }) => [
    `complete -c ${name} -f -n ${quoted(isFirst)} -a ${command} -d ${quoted(summary)}`,
    ...options.map((option) => {
      const short = option.short ? ` -s ${option.short.slice(1)}` : "";
      const long = option.long ? ` -l ${option.long.slice(2)}` : "";
      const values = option.argChoices ? ` -x -a ${quoted(option.argChoices.join(" "))}` : " -r";
      const value = takesValue(option) ? values : "";
      const condition = quoted(`__fish_seen_subcommand_from ${command}`);
      return `complete -c ${name} -n ${condition}${short}${long}${value} -d ${quoted(option.description)}`;
    }),
  ]);
  return `# ${name} completion fish | source\n${lines.join("\n")}\n`;
}
