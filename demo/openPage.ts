import { spawn } from "node:child_process";
import { findOnPath } from "../tools/findOnPath";

interface Terminal {
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  stdout: { isTTY?: boolean };
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
}

/** What opens a page in the browser of whoever sits at this machine; undefined where there is no screen, or no opener. */
function openerOf(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] | undefined {
  // `start` takes a first argument in quotes for a window's title.
  if (platform === "win32") return ["cmd", "/c", "start", '""'];
  const hasScreen = platform === "darwin" || Boolean(env["DISPLAY"] || env["WAYLAND_DISPLAY"]);
  const opener = hasScreen ? findOnPath(platform === "darwin" ? "open" : "xdg-open") : undefined;
  return opener === undefined ? undefined : [opener];
}

/**
 * Offers to open a page when somebody presses Enter, where there is a terminal to press it in and a screen to show the page on;
 * elsewhere prints the link alone.
 * @returns withdraws the offer
 */
export function offerToOpen(
  link: string,
  show: (line: string) => void,
  { stdin, stdout, platform, env }: Terminal = process,
): () => void {
  const [opener, ...args] = openerOf(platform, env) ?? [];
  show(link);
  if (opener === undefined || !stdin.isTTY || !stdout.isTTY) return () => {};
  show("Press Enter to open the page in your browser.");
  const open = () => {
    // Its own output is not the demo's.
    const child = spawn(opener, [...args, link], { stdio: "ignore", detached: true });
    child.once("error", (error) => show(`${opener} did not open it (${error.message}): follow the link.`));
    child.once("exit", (code) => {
      if (code) show(`${opener} did not open it (exit code ${code}): follow the link.`);
    });
    child.unref();
  };
  stdin.once("data", open);
  stdin.resume();
  return () => {
    stdin.off("data", open);
    stdin.pause();
  };
}
