"""The worker's side of Dyad's numbered requests: several at once, each with a time limit, cancelled, answered in parts.

A file to copy next to a worker, which needs nothing else: `numbered.py` is one.

A message is framed as multiprocessing does it: its length in four bytes, then this head of 16, big-endian, and a body.

    kind u8 | 0 u8 | 0 u16 | milliseconds left u32, 0 without a limit and in all but a REQUEST | number u64

    from the parent: REQUEST 1, CANCEL 5 (the answer is not needed any more), MORE 6 (the body, a u32, grants parts)
    from the worker: PART 2, ANSWER 3 (the last of a request), ERROR 4 (the last as well: why there is no answer)

Each REQUEST gets one ANSWER or ERROR, a cancelled one too. It grants 16 parts, and each MORE so many more as it says.
The parent ends its stream when it has all answers: what is under way then is cancelled.
"""
import functools, math, os, struct, threading, time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

REQUEST, PART, ANSWER, ERROR, CANCEL, MORE = 1, 2, 3, 4, 5, 6
HEAD = struct.Struct("!BxHIQ")
WINDOW = 16


class Cancelled(Exception):
    """The parent does not need the answer any more. A handler lets it through."""


class Request:
    """What the parent asks: `body`, and `cancelled`, an Event to look at or to wait for in what takes long."""

    def __init__(self, body, millis, send):
        self.body, self.cancelled, self._send = body, threading.Event(), send
        self._end = time.monotonic() + millis / 1000 if millis else math.inf
        self._window, self._changed = WINDOW, threading.Condition()

    def seconds_left(self):
        """Returns the seconds until the parent gives up: infinity without a limit, negative when it has."""
        return self._end - time.monotonic()

    def check(self):
        """Raises Cancelled if the answer is not needed any more."""
        if self.cancelled.is_set():
            raise Cancelled("the parent does not need it any more")

    def part(self, body):
        """Sends a part of the answer, after a wait while the parent has not taken enough of those before."""
        with self._changed:
            self._changed.wait_for(lambda: self._window > 0 or self.cancelled.is_set())
            self.check()
            self._window -= 1
        self._send(PART, body)

    def _grant(self, parts):
        with self._changed:
            self._window += parts
            self._changed.notify_all()

    def _cancel(self):
        self.cancelled.set()
        self._grant(0)


def _bytes(answer):
    """Returns what a handler has returned, which has to be bytes: there is no encoding to guess."""
    if not isinstance(answer, (bytes, bytearray, memoryview)):
        raise TypeError(f"the handler has to return bytes, not {type(answer).__name__}")
    return bytes(answer)


def _parent(stdio):
    """Returns where requests come from, and where answers go."""
    if not stdio:
        number = int(os.environ.get("DYAD_FD", "3"))
        try:
            os.fstat(number)
        except OSError:
            raise SystemExit(f"no parent on descriptor {number}; for standard streams call serve(handle, stdio=True)")
        return [Connection(number)] * 2
    ends = Connection(os.dup(0), writable=False), Connection(os.dup(1), readable=False)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # what it starts reads none of its requests
    os.dup2(2, 1)  # what it prints is not among the answers
    return ends


def serve(handle, threads=4, stdio=False):
    """Answers each request by the bytes that handle(request) returns, or by what it raises, until the parent ends.

    So many threads call it at once; further requests wait for one. With `stdio` it is asked over its standard streams,
    as over ssh, and what it prints goes to standard error.
    """
    (requests, answers), sending, running = _parent(stdio), threading.Lock(), {}

    def say(number, kind, body):
        message = HEAD.pack(kind, 0, 0, number) + body
        with sending:
            answers.send_bytes(message)

    def run(number, request):
        try:
            request.check()
            if request.seconds_left() < 0:
                raise TimeoutError("its time was over before its turn")
            kind, body = ANSWER, _bytes(handle(request))
        except BaseException as e:  # sys.exit() as well: without an answer the parent would wait for ever
            kind, body = ERROR, f"{type(e).__name__}: {e}".encode()
        running.pop(number, None)
        say(number, kind, body)

    with ThreadPoolExecutor(threads) as pool:
        try:
            while True:
                message = requests.recv_bytes()
                if len(message) < HEAD.size or message[0] not in (REQUEST, CANCEL, MORE):
                    raise ValueError("this is no numbered request: the parent has to say Exchange.NUMBERED")
                (kind, _, millis, number), body = HEAD.unpack_from(message), message[HEAD.size :]
                request = running.get(number)  # none if its answer is on the way
                if kind == REQUEST:
                    running[number] = Request(body, millis, functools.partial(say, number))
                    pool.submit(run, number, running[number])
                elif request and kind == MORE:
                    request._grant(*struct.unpack("!I", body))
                elif request and kind == CANCEL:
                    request._cancel()
        except EOFError:
            pass  # the parent has no more to ask
        finally:
            for request in list(running.values()):
                request._cancel()
