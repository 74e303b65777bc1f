import type { Clock } from "../clock";
import { aroundCalls } from "./middleware";

interface Answer {
  response?: { headers?: Record<string, string> };
  $response?: { headers?: Record<string, string> };
}

/** AWS's time by the `Date` of its last answer, since this machine's clock may be wrong. */
export class ServerTime {
  private answered: { date: number; at: number } | undefined;

  /** @param clock this machine's */
  constructor(private readonly clock: Pick<Clock, "now">) {}

  /** AWS's time now, to the second; this machine's while AWS has not answered. */
  now(): Date {
    if (this.answered === undefined) return this.clock.now();
    return new Date(this.answered.date + performance.now() - this.answered.at);
  }

  /** Records the time of every answer that the client gets, errors too. */
  observe<C extends object>(client: C): C {
    return aroundCalls(client, "observeTime", (next) => async (args) => {
      try {
        const answer = await next(args);
        this.record((answer as Answer).response);
        return answer;
      } catch (error) {
        this.record((error as Answer | undefined)?.$response);
        throw error;
      }
    });
  }

  private record(response: Answer["response"]): void {
    const date = Date.parse(response?.headers?.["date"] ?? "");
    if (Number.isFinite(date)) this.answered = { date, at: performance.now() };
  }
}
