import type { Messaging, ServicePublication } from "./messaging";

/** Publishes the messages that AWS services send by themselves: in the background, one after the other. */
export class Publisher {
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly messaging: Messaging,
    private readonly log: (line: string) => void,
  ) {}

  /** Queues a message. As in AWS, the caller never learns of a failure: it is logged, under the message's label. */
  publish(publication: ServicePublication, label: string): void {
    this.queue = this.queue.then(async () => {
      const refusal = await this.messaging.publish(publication).catch((error: Error) => error.message);
      if (refusal !== undefined) this.log(`${label} not delivered: ${refusal}`);
    });
  }

  /** Resolves when all messages queued so far have been delivered or refused. */
  delivered(): Promise<void> {
    return this.queue;
  }
}
