// Makes, edits or removes the note on a merge request: node comment.mjs FILE STACK, in the folder of Pulumi.yaml. The note of
// the last run is the one of the token's user that begins with the review's marker, which names the project and the stack. An
// empty file means that nothing concerns approvals.

import { readFile } from "node:fs/promises";

const { CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID, REVIEW_TOKEN } = process.env;
const [file, stack] = process.argv.slice(2);
const project = /^name: *["']?([^"'\s]+)/m.exec(await readFile("Pulumi.yaml", "utf8"))?.[1];
const marker = `<!-- aws-approvals review ${project}/${stack.split("/").at(-1)} -->`;
const notes = `${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/merge_requests/${CI_MERGE_REQUEST_IID}/notes`;

async function call(method, url, body) {
  const response = await fetch(url, {
    method,
    headers: { "private-token": REVIEW_TOKEN ?? "", "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${response.status}`);
  return response.status === 204 ? undefined : response.json();
}

async function findLast() {
  const { id: me } = await call("GET", `${CI_API_V4_URL}/user`);
  const isOurs = ({ author, body }) => author.id === me && body.startsWith(marker);
  for (let page = 1; ; page++) {
    const found = await call("GET", `${notes}?per_page=100&page=${page}`);
    const last = found.find(isOurs);
    if (last || found.length < 100) return last;
  }
}

const body = await readFile(file, "utf8");
if (body !== "" && !body.startsWith(marker)) throw new Error(`${file} does not begin with ${marker}`);
const last = await findLast();
if (body === "") {
  if (last) await call("DELETE", `${notes}/${last.id}`);
} else if (last) await call("PUT", `${notes}/${last.id}`, { body });
else await call("POST", notes, { body });
