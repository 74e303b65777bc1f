import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { channelOptions, grpc } from "../../sdk";

/** Lines that Pulumi shows with the resource that they are about. */
export class EngineLog {
  private readonly client: EngineClient;

  constructor(address: string) {
    this.client = new EngineClient(address, grpc.credentials.createInsecure(), channelOptions);
  }

  /** @param urn of the resource, if the line is about one */
  info(line: string, urn = ""): void {
    const request = new LogRequest().setSeverity(LogSeverity.INFO).setMessage(line).setUrn(urn);
    this.client.log(request, (error) => {
      // Pulumi shows this too, without the resource.
      if (error) process.stderr.write(`${line}\n`);
    });
  }

  close(): void {
    this.client.close();
  }
}
