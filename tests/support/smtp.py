#!/usr/bin/python3
"""A mail server for tests, on a free port of the loopback interface.

The first line on standard output is the port; afterwards a line of JSON for every mail that was taken. Whom a mail goes to
says how the server behaves: refused@… is no mailbox, grey@… must come a second time, anybody else gets it.
"""

import argparse
import asyncio
import email
import email.policy
import json
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


class Mailbox:
    """Takes mails and tells of them."""

    def __init__(self):
        self.grey = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        if name == "refused":
            return f"550 5.1.1 <{address}>: no such mailbox"
        if name == "grey" and address not in self.grey:
            self.grey.add(address)
            return "451 4.7.1 come again in a while"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "headers": {name.lower(): str(value) for name, value in message.items()},
            "text": message.get_content(),
            "tls": server.transport.get_extra_info("ssl_object") is not None,
            "user": session.auth_data,
        }
        print(json.dumps(mail), flush=True)
        return "250 2.0.0 taken"


async def serve(options):
    keys = None
    if options.certificate:
        keys = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        keys.load_cert_chain(options.certificate, options.key)
    user, _, password = (options.login or "").partition(":")

    def sign_in(server, session, envelope, mechanism, data):
        right = data.login.decode() == user and data.password.decode() == password
        return AuthResult(success=right, auth_data=user)

    mailbox = Mailbox()
    at_once = keys if options.tls else None
    later = None if options.tls else keys

    def session():
        return SMTP(
            mailbox,
            hostname="mail.test",
            enable_SMTPUTF8=False,
            tls_context=later,
            require_starttls=later is not None,
            authenticator=sign_in if options.login else None,
            auth_required=bool(options.login),
            auth_require_tls=False,
        )

    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", options.port, ssl=at_once)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--certificate")
parser.add_argument("--key")
parser.add_argument("--tls", action="store_true", help="from the first byte, not after STARTTLS")
parser.add_argument("--login", help="name:password that must be given")
asyncio.run(serve(parser.parse_args()))
