"""A small IMAP server in a thread, with the commands that the site uses, and mailboxes of bytes."""

import re
import socketserver
import threading


class ImapServer:
    def __init__(self, user="office", password="secret", capabilities="IMAP4rev1 MOVE ID"):
        self.user, self.password, self.capabilities = user, password, capabilities
        self.validity, self.next_uid, self.asked = 7, 1, []
        self.mailboxes: dict[str, dict[int, bytes]] = {"INBOX": {}, "Done": {}}
        ours = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                ours.talk(self.rfile, self.wfile.write)

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.server.server_close()

    def put(self, mail: bytes) -> None:
        self.mailboxes["INBOX"][self.next_uid] = mail
        self.next_uid += 1

    def talk(self, lines, write) -> None:
        write(b"* OK ready\r\n")
        for line in lines:
            tag, _space, words = line.decode().strip().partition(" ")
            self.asked.append(words)
            write(self.answer(words) + f"{tag} {self.verdict(words)}\r\n".encode())
            if words.upper() == "LOGOUT":
                return

    def verdict(self, words) -> str:
        if words.startswith("LOGIN") and words.replace('"', "").split()[1:] != [self.user, self.password]:
            return "NO wrong password"
        if words.startswith(("SELECT", "EXAMINE")) and words.split(" ", 1)[1].strip('"') not in self.mailboxes:
            return "NO no such mailbox"
        return "OK done"

    def answer(self, words) -> bytes:
        inbox = self.mailboxes["INBOX"]
        if words == "CAPABILITY":
            return f"* CAPABILITY {self.capabilities}\r\n".encode()
        if words.startswith(("SELECT", "EXAMINE")):
            return f"* {len(inbox)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] ok\r\n".encode()
        if found := re.match(r"UID SEARCH UID (\d+):\*", words):
            uids = [uid for uid in inbox if uid >= int(found[1])] or list(inbox)[-1:]
            return f"* SEARCH {' '.join(map(str, uids))}\r\n".encode()
        if found := re.match(r"UID FETCH (\d+) \(BODY.PEEK\[\]<0.(\d+)>\)", words):
            mail = inbox[int(found[1])][: int(found[2])]
            return f"* 1 FETCH (UID {found[1]} BODY[]<0> {{{len(mail)}}}\r\n".encode() + mail + b")\r\n"
        if found := re.match(r'UID (MOVE|COPY) (\d+) "(\w+)"', words):
            uid = int(found[2])
            self.mailboxes[found[3]][uid] = inbox.pop(uid) if found[1] == "MOVE" else inbox[uid]
        return b""
