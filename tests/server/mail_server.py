"""A mail server that misbehaves as it is told."""
import socket
import threading


class MailServer(threading.Thread):
    """`mood` is "good", "hang", "close", "garbage", "later" (450), "never" (550), "mid-data" or "end-close"."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.mood, self.kept, self.tries = "good", [], 0
        self.start()

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.tries += 1
            threading.Thread(target=self.serve, args=(client, self.mood), daemon=True).start()

    def serve(self, client, mood):
        with client, client.makefile("rb") as lines:
            try:
                if mood == "hang":
                    lines.read()
                elif mood == "garbage":
                    client.sendall(bytes(range(256)) * 8)
                elif mood != "close":
                    client.sendall(b"220 here\r\n")
                    for line in iter(lines.readline, b""):
                        if not self.answer(client, lines, mood, line[:4].upper()):
                            return
            except OSError:
                pass

    def answer(self, client, lines, mood, verb):
        if verb == b"RCPT" and mood in ("later", "never"):
            client.sendall(b"450 later\r\n" if mood == "later" else b"550 nobody of that name\r\n")
        elif verb == b"DATA":
            client.sendall(b"354 go on\r\n")
            if mood == "mid-data":
                return False
            mail = b"".join(iter(lines.readline, b".\r\n"))
            if mood == "end-close":
                return False
            self.kept.append(mail)
            client.sendall(b"250 taken\r\n")
        else:
            client.sendall(b"221 bye\r\n" if verb == b"QUIT" else b"250 good\r\n")
        return verb != b"QUIT"
