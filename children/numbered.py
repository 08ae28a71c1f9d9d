# A worker of a Dyad parent that answers several requests at once, with dyad.py: most of them with their text in upper
# case, and some as their first word says.
import sys

import dyad


def handle(request):
    word, _, number = request.body.decode().partition(" ")
    if word == "fail":
        raise ValueError("no answer to this")
    if word == "wait":  # until the parent does not need the answer any more
        request.cancelled.wait()
        request.check()
    if word == "count":  # an answer in parts
        for i in range(int(number)):
            request.part(str(i).encode())
    if word == "left":
        return str(request.seconds_left()).encode()
    return request.body.upper()


dyad.serve(handle, stdio="--stdio" in sys.argv)
