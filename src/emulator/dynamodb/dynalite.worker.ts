import { Readable } from "node:stream";
import { answerRequests, type InstanceAnswer } from "../workerThread";

/** As much of an HTTP server as is used: it never listens. */
interface Server {
  emit(event: "request", request: Readable, response: object): boolean;
}

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
      const request = Object.assign(Readable.from([Buffer.from(payload)]), {
        method: "POST",
        url: "/",
        headers,
      });
      const response = {
        statusCode: 200,
        setHeader() {},
        end(body = "") {
          resolve({ status: response.statusCode, headers: {}, body });
        },
      };
      serverOf(account, region).emit("request", request, response);
    }),
);
