# A worker of a Dyad parent: answers each message with its text in upper case, until the parent has no more to ask.
# A message is framed as multiprocessing does it: its length in four bytes, big-endian, and so many bytes.
import os
from multiprocessing.connection import Connection

parent = Connection(int(os.environ.get("DYAD_FD", "3")))

try:
    while True:
        parent.send_bytes(parent.recv_bytes().upper())
except EOFError:
    pass  # the parent has no more to ask
