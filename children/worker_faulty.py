# A worker of a Dyad parent with the faults that workers have: it crashes, hangs, leaks or prints where a request says
# so, and answers any other one with its text in upper case.
import os
import sys
import time
from multiprocessing.connection import Connection

parent = Connection(int(os.environ.get("DYAD_FD", "3")))
leaked = []


def answer(request):
    if request == b"crash":
        raise RuntimeError("asked to crash")
    if request == b"hang":
        time.sleep(1000)
    if request == b"leak":
        leaked.append(b"x" * (200 << 20))
    if request == b"print":
        print("what a library prints", flush=True)
        print("and what it warns of", file=sys.stderr)
    return request.upper()


try:
    while True:
        parent.send_bytes(answer(parent.recv_bytes()))
except EOFError:
    pass  # the parent has no more to ask
