# A child of a Dyad parent: reads the parent's message on its descriptor, in however many pieces, and answers there.
import os
import sys

fd = int(os.environ.get("DYAD_FD", "3"))
expected = "我是父級進程".encode("utf-8")
answer = "我是子進程".encode("utf-8")

message = b""
while len(message) < len(expected):
    piece = os.read(fd, len(expected) - len(message))
    if not piece:
        break
    message += piece
if message != expected:
    sys.exit("child.py: not the parent's message: %r" % message)

while answer:
    answer = answer[os.write(fd, answer) :]
