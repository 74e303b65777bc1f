import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";
import { answerRequests, type InstanceAnswer } from "../workerThread";

/** As much of an HTTP server as is used: it never listens. */
interface Server {
  emit(event: "request", request: EventEmitter, response: object): boolean;
}

/** The request that dynalite is working on. */
const requests = new AsyncLocalStorage<{ fail(): void }>();

const UNREADABLE = JSON.stringify({
  __type: "SerializationException",
  Message: "The embedded DynamoDB cannot read this request.",
});

/** One instance for each account and region: dynalite has one of each only. */
const servers = new Map<string, Server>();

function serverOf(account: string, region: string): Server {
  const key = `${account} ${region}`;
  const known = servers.get(key);
  if (known !== undefined) return known;
  const dynalite: (options: object) => Server = require("dynalite");
  // Whose tables they are it takes from the environment only, which in a worker thread is the thread's own.
  Object.assign(process.env, { AWS_ACCOUNT_ID: account, AWS_REGION: region });
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  servers.set(key, server);
  return server;
}

answerRequests(
  ({ account, region, headers, payload }) =>
    new Promise<InstanceAnswer>((resolve) => {
      const answer = (status: number, body: string) => resolve({ status, headers: {}, body });
      const request = Object.assign(new EventEmitter(), { method: "POST", url: "/", headers });
      const response = {
        statusCode: 200,
        setHeader() {},
        end(body = "") {
          answer(response.statusCode, body);
        },
      };
      const server = serverOf(account, region);
      const current = { fail: () => answer(400, UNREADABLE) };
      requests.run(current, () => {
        try {
          server.emit("request", request, response);
          request.emit("data", Buffer.from(payload));
          request.emit("end");
        } catch {
          current.fail();
        }
      });
    }),
);

/** dynalite throws on input that it does not expect, also in callbacks: another request's tables must outlive that. */
process.on("uncaughtException", (error) => {
  const current = requests.getStore();
  if (current === undefined) throw error;
  current.fail();
});
