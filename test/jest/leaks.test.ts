import { createServer } from "node:net";
import { lastingLeaks, leaksSince, type ProcessState, processState } from "./leaks";

let before: ProcessState;
beforeEach(() => {
  before = processState();
});
const nothing = () => {};

test("a file that leaves nothing behind, though it used all of it, has no leaks", async () => {
  const server = createServer().listen(0);
  process.env["LEFT_BEHIND"] = "here";
  process.on("SIGUSR2", nothing);
  process.off("SIGUSR2", nothing);
  delete process.env["LEFT_BEHIND"];
  server.close();
  expect(await lastingLeaks(before)).toEqual([]);
});

test.each<[string, () => () => void]>([
  [
    "the environment variable LEFT_BEHIND",
    () => {
      process.env["LEFT_BEHIND"] = "here";
      return () => delete process.env["LEFT_BEHIND"];
    },
  ],
  [
    "the environment variable PATH",
    () => {
      const { PATH } = process.env;
      delete process.env["PATH"];
      return () => Object.assign(process.env, { PATH });
    },
  ],
  [
    `the working folder ${__dirname}`,
    () => {
      process.chdir(__dirname);
      return () => process.chdir(before.folder);
    },
  ],
  [
    "open: TCPServerWrap",
    () => {
      const server = createServer().listen(0);
      return () => server.close();
    },
  ],
  [
    "open: Timeout",
    () => {
      const timer = setInterval(nothing, 60_000);
      return () => clearInterval(timer);
    },
  ],
  [
    "a listener of the process's SIGUSR2",
    () => {
      process.on("SIGUSR2", nothing);
      return () => process.off("SIGUSR2", nothing);
    },
  ],
])("%s is a leak", (leak, leaveBehind) => {
  const undo = leaveBehind();
  const leaks = leaksSince(before);
  undo();
  // To listen for a signal opens something too.
  expect(leaks).toContain(leak);
});
