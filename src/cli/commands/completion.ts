import { Argument, type Command } from "commander";
import { completionScript, SHELLS, type Shell } from "../completion";

export function addCompletion(program: Command): void {
  program
    .command("completion")
    .summary("print the script by which a shell completes commands and options")
    .description(
      "Prints a script for the shell to read when it starts:\n\n" +
        "  bash, in ~/.bashrc:   source <(aws-approvals completion bash)\n" +
        "  zsh, in ~/.zshrc:     source <(aws-approvals completion zsh)   # after compinit\n" +
        "  fish:                 aws-approvals completion fish > ~/.config/fish/completions/aws-approvals.fish",
    )
    .addArgument(new Argument("<shell>", "which shell").choices(SHELLS))
    .action((shell: Shell) => void process.stdout.write(completionScript(program, shell)));
}
