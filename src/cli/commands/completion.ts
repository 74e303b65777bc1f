import { Argument, type Command } from "commander";
import { completionScript, SHELLS, type Shell } from "../completion";

export function addCompletion(program: Command): void {
  program
    .command("completion")
    .summary("print the script by which a shell completes commands and options")
    .description(
      "Prints the script by which a shell completes commands and options. The shell reads it when it " +
        "starts:\n\n  source <(aws-approvals completion bash)    # in ~/.bashrc\n  source <(aws-approvals " +
        "completion zsh)     # in ~/.zshrc, after compinit\n  aws-approvals completion fish | source     # " +
        "in ~/.config/fish/config.fish",
    )
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .action((shell: Shell) => void process.stdout.write(completionScript(program, shell)));
}
