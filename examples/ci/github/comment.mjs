// Makes, edits or removes the comment on a pull request: node comment.mjs FILE STACK, in the folder of Pulumi.yaml. The
// comment of the last run is the bot's that begins with the review's marker, which names the project and the stack. An empty
// file means that nothing concerns approvals.

import { readFile } from "node:fs/promises";

const { GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN, PULL_REQUEST } = process.env;
const [file, stack] = process.argv.slice(2);
const project = /^name: *["']?([^"'\s]+)/m.exec(await readFile("Pulumi.yaml", "utf8"))?.[1];
const marker = `<!-- aws-approvals review ${project}/${stack.split("/").at(-1)} -->`;
const repository = `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}`;

async function call(method, url, body) {
  const response = await fetch(url, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${GITHUB_TOKEN}`,
      "x-github-api-version": "2022-11-28",
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${response.status}`);
  return response.status === 204 ? undefined : response.json();
}

async function findLast() {
  const isOurs = ({ user, body }) => user.login === "github-actions[bot]" && body.startsWith(marker);
  for (let page = 1; ; page++) {
    const url = `${repository}/issues/${PULL_REQUEST}/comments?per_page=100&page=${page}`;
    const comments = await call("GET", url);
    const found = comments.find(isOurs);
    if (found || comments.length < 100) return found;
  }
}

const body = await readFile(file, "utf8");
if (body !== "" && !body.startsWith(marker)) throw new Error(`${file} does not begin with ${marker}`);
const last = await findLast();
const comment = `${repository}/issues/comments/${last?.id}`;
if (body === "") {
  if (last) await call("DELETE", comment);
} else if (last) await call("PATCH", comment, { body });
else await call("POST", `${repository}/issues/${PULL_REQUEST}/comments`, { body });
