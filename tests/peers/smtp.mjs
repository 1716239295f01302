// SPDX-License-Identifier: EUPL-1.2
//
// A mail server on this machine alone. Prints one JSON line with its port, then
// one for each mail that it took or refused.
//
//   node smtp.mjs [--port N] [--wait MS]
//
// It refuses recipients that start with "refused", and waits as long as it is
// told between a mail and saying that it has it. A number on its input is said
// back: all that it took before stands before it.
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

const { values } = parseArgs({ options: { port: { type: "string" }, wait: { type: "string" } } });
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const later = (done) => setTimeout(done, Number(values.wait ?? 0));

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["AUTH", "STARTTLS"],
  logger: false,
  onRcptTo({ address }, session, done) {
    if (!address.startsWith("refused")) return done();
    say({ refused: address });
    done(Object.assign(new Error(`No such person: ${address}`), { responseCode: 550 }));
  },
  onData(stream, session, done) {
    simpleParser(stream).then(
      (mail) => {
        say({
          from: mail.from.text,
          to: mail.to.text,
          replyTo: mail.replyTo?.text,
          recipients: session.envelope.rcptTo.map(({ address }) => address),
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          messageId: mail.messageId,
          headers: mail.headerLines.map(({ line }) => line),
        });
        later(done);
      },
      (fault) => done(fault),
    );
  },
});
server.on("error", () => {});
server.listen(Number(values.port ?? 0), "127.0.0.1", function () {
  say({ port: this.address().port });
});
createInterface({ input: process.stdin })
  .on("line", (line) => say({ asked: Number(line) }))
  // Whoever started it is gone.
  .on("close", () => process.exit(0));
