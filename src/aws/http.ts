import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { BlockList, isIP } from "node:net";
import type { SecureContextOptions } from "node:tls";
import { NodeHttpHandler, type NodeHttpHandlerOptions } from "@smithy/node-http-handler";
import type { HttpHandlerOptions, HttpRequest } from "@smithy/types";
import { type AwsSettings, expandHome, fromEnvironment } from "./environment";
import { ReadableError } from "./errors";
import { keyOf } from "./settings";

type TlsOptions = Pick<SecureContextOptions, "ca"> & { rejectUnauthorized?: false };

/** As many as the AWS SDK opens by default. */
const POOL = { keepAlive: true, maxSockets: 50 };

/** As the AWS SDK has it by default: a socket on which nothing moves for so long is given up. */
const SOCKET_TIMEOUT_MS = 300_000;

/**
 * What a client sends its requests with: through the proxies and with the trusted authorities that the settings name. Each
 * client needs its own, since it closes all connections when it is destroyed.
 * @returns undefined where nothing differs from the SDK's defaults
 * @throws ReadableError when the certificates cannot be read, or a proxy is no URL
 */
export async function requestHandler(
  settings: AwsSettings,
): Promise<NodeHttpHandlerOptions | ProxyHandler | undefined> {
  const tls = tlsOptions(settings);
  const proxies = proxiesOf(settings);
  const direct = Object.keys(tls).length > 0 ? { httpsAgent: new Agent({ ...POOL, ...tls }) } : undefined;
  if (!proxies.http && !proxies.https) return direct;
  const proxied = await proxyAgents(proxies, tls);
  return new ProxyHandler(
    new NodeHttpHandler({ ...direct, socketTimeout: SOCKET_TIMEOUT_MS }),
    new NodeHttpHandler({ ...direct, ...proxied, socketTimeout: SOCKET_TIMEOUT_MS }),
    ({ hostname, port, protocol }) =>
      isExcluded(hostname, port ?? (protocol === "https:" ? 443 : 80), proxies.except),
  );
}

function tlsOptions(settings: AwsSettings): TlsOptions {
  const { customCaBundle, insecure } = settings;
  return {
    ...(customCaBundle && { ca: readCertificates(customCaBundle, keyOf(settings, "customCaBundle")) }),
    ...(insecure && { rejectUnauthorized: false as const }),
  };
}

function readCertificates(file: string, setting: string): string {
  try {
    return readFileSync(expandHome(file), "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ReadableError(setting, `the certificate file cannot be read (${code}).`);
  }
}

interface Proxies {
  http?: URL;
  https?: URL;
  /** The hosts to call without a proxy, separated by commas. */
  except: string;
}

/** As in the `aws` provider, `httpProxy` of the configuration is used for `https://` endpoints, too, that have no other. */
function proxiesOf(settings: AwsSettings): Proxies {
  const { httpProxy, httpsProxy, noProxy } = settings;
  const configured = (name: "httpProxy" | "httpsProxy") => parseProxy(settings[name], keyOf(settings, name));
  const ambient = (name: "httpProxy" | "httpsProxy") => {
    const { text, source = name } = fromEnvironment(name) ?? {};
    return parseProxy(text, source);
  };
  return {
    http: httpProxy ? configured("httpProxy") : ambient("httpProxy"),
    https: httpsProxy ? configured("httpsProxy") : (ambient("httpsProxy") ?? configured("httpProxy")),
    except: noProxy || fromEnvironment("noProxy")?.text || "",
  };
}

function parseProxy(text: string | undefined, setting: string): URL | undefined {
  if (!text) return undefined;
  const url = text.includes("://") ? text : `http://${text}`;
  if (/^https?:/.test(url) && URL.canParse(url)) return new URL(url);
  throw new ReadableError(setting, "must be the URL of a proxy, beginning with http:// or https://.");
}

async function proxyAgents({ http, https }: Proxies, tls: TlsOptions): Promise<NodeHttpHandlerOptions> {
  const [{ HttpProxyAgent }, { HttpsProxyAgent }] = await Promise.all([
    import("http-proxy-agent"),
    import("https-proxy-agent"),
  ]);
  const agents: NodeHttpHandlerOptions = {};
  if (http) agents.httpAgent = new HttpProxyAgent(http, { ...POOL, ...tls });
  if (https) {
    const agent = new HttpsProxyAgent(https, { ...POOL, ...tls });
    // What the constructor takes is for the connection with the proxy; this is for the one through it.
    Object.assign(agent.options, tls);
    agents.httpsAgent = agent;
  }
  return agents;
}

/** Sends each request through the proxy or past it, by the host that it is for. */
class ProxyHandler {
  readonly metadata = { handlerProtocol: "http/1.1" };

  constructor(
    private readonly direct: NodeHttpHandler,
    private readonly proxied: NodeHttpHandler,
    private readonly isExcluded: (request: HttpRequest) => boolean,
  ) {}

  handle(request: HttpRequest & Parameters<NodeHttpHandler["handle"]>[0], options?: HttpHandlerOptions) {
    return (this.isExcluded(request) ? this.direct : this.proxied).handle(request, options);
  }

  updateHttpClientConfig(...change: Parameters<NodeHttpHandler["updateHttpClientConfig"]>): void {
    this.direct.updateHttpClientConfig(...change);
    this.proxied.updateHttpClientConfig(...change);
  }

  httpHandlerConfigs(): NodeHttpHandlerOptions {
    return this.proxied.httpHandlerConfigs();
  }

  destroy(): void {
    this.direct.destroy();
    this.proxied.destroy();
  }
}

/**
 * Whether a host is called without a proxy, by the rules of Go's `httpproxy`, which the `aws` provider follows: host names
 * (`example.com` with its subdomains, `.example.com` without itself), addresses, subnets, each with a port or without;
 * `*` is all. This machine is never called through a proxy.
 */
export function isExcluded(hostname: string, port: number, except: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (host === "localhost" || LOOPBACK.check(host, familyOf(host))) return true;
  return except
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => entry === "*" || matches(entry, host, port));
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

const familyOf = (address: string) => (isIP(address) === 6 ? "ipv6" : "ipv4");

function matches(entry: string, host: string, port: number): boolean {
  const [, bracketed, plain = entry, ofPort] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? [];
  if (ofPort !== undefined && Number(ofPort) !== port) return false;
  const name = (bracketed ?? plain).replace(/^\*(?=\.)/, "");
  const [address = "", bits] = name.split("/");
  if (isIP(address)) return isIP(host) !== 0 && isWithin(host, address, bits);
  return name.startsWith(".") ? host.endsWith(name) : host === name || host.endsWith(`.${name}`);
}

function isWithin(host: string, address: string, bits: string | undefined): boolean {
  const subnet = new BlockList();
  const all = isIP(address) === 6 ? 128 : 32;
  subnet.addSubnet(address, Math.min(all, bits === undefined ? all : Number(bits)), familyOf(address));
  return subnet.check(host, familyOf(host));
}
