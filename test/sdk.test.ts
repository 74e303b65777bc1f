import { EngineClient, EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { connectAnew, Empty, grpc, sdkRequire } from "../src/sdk";

const UNUSED = grpc.ServerCredentials.createInsecure();

async function bind(server: InstanceType<typeof grpc.Server>, port: number): Promise<number> {
  return new Promise((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${port}`, UNUSED, (error, bound) => (error ? reject(error) : resolve(bound))),
  );
}

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

test("an engine is reached on the port of one that has ended", async () => {
  connectAnew();
  const { grpcClientOptions } = sdkRequire("./runtime/settings") as { grpcClientOptions: object };
  const connect = (port: number) => {
    const client = new EngineClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
      grpcClientOptions,
    );
    opened.push(client);
    return client;
  };
  const ask = (client: EngineClient) =>
    new Promise((resolve) =>
      client.makeUnaryRequest(
        "/pulumirpc.Engine/GetRootResource",
        () => Buffer.alloc(0),
        () => new Empty(),
        new Empty(),
        (error) => resolve(error?.code),
      ),
    );
  const ended = new grpc.Server();
  const port = await bind(ended, 0);
  ended.forceShutdown();
  const old = connect(port);
  expect(await ask(old)).toBe(grpc.status.UNAVAILABLE);

  const engine = new grpc.Server();
  opened.push({ close: () => engine.forceShutdown() });
  engine.addService(EngineService, {
    getRootResource: (_: unknown, answer: (error: null, root: object) => void) => answer(null, new Empty()),
  } as never);
  await bind(engine, port);
  const client = connect(port);
  expect(await ask(client)).not.toBe(grpc.status.UNAVAILABLE);
});
