# A persistent worker as Bazel starts it: answers each request with its arguments in upper case, several requests at once.
# A request whose first argument is "sleep" ends when it is cancelled. Messages are protobuf, each after its length, or,
# with --worker_protocol=json, JSON objects. The end of standard input ends it.
import io, json, sys, threading

LIMIT = 64 << 20  # the longest request, in bytes


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out) + bytes([number])


class Protobuf:
    def __init__(self, source, sink):
        self.source, self.sink = source, sink

    def requests(self):
        while (length := self._varint(self.source, True)) is not None:
            if length > LIMIT:
                raise ValueError(f"a request of {length} bytes")
            yield self._decode(self._read(self.source, length))

    def respond(self, request_id, output, exit_code=0, was_cancelled=False):
        text = output.encode()
        body = b"".join((
            b"\x08" + varint(exit_code) if exit_code else b"",
            b"\x12" + varint(len(text)) + text if text else b"",
            b"\x18" + varint(request_id) if request_id else b"",
            b"\x20\x01" if was_cancelled else b"",
        ))
        self.sink.write(varint(len(body)) + body)
        self.sink.flush()

    def _decode(self, body):
        source = io.BytesIO(body)
        request = {"arguments": [], "requestId": 0, "cancel": False}
        while (tag := self._varint(source, True)) is not None:
            field, kind = tag >> 3, tag & 7
            if kind == 0:
                value = self._varint(source)
            elif kind == 2:
                value = self._read(source, self._varint(source))
            elif kind in (1, 5):
                value = self._read(source, 8 if kind == 1 else 4)
            else:
                raise ValueError(f"a field of type {kind}")
            if (field, kind) == (1, 2):
                request["arguments"].append(value.decode())
            elif (field, kind) == (3, 0):
                request["requestId"] = value
            elif (field, kind) == (4, 0):
                request["cancel"] = value != 0
        return request

    def _varint(self, source, may_end=False):
        number = 0
        for shift in range(0, 70, 7):
            byte = source.read(1)
            if not byte:
                if may_end and shift == 0:
                    return None
                raise EOFError("a request is cut")
            number |= (byte[0] & 0x7F) << shift
            if byte[0] < 0x80:
                return number
        raise ValueError("a number of more than ten bytes")

    def _read(self, source, length):
        data = source.read(length)
        if len(data) < length:
            raise EOFError("a request is cut")
        return data


class Json:
    """One object after the other, with or without white space between them."""

    def __init__(self, source, sink):
        self.source, self.sink = source, sink

    def requests(self):
        text, depth, quoted, escaped = bytearray(), 0, False, False
        while data := self.source.read1(65536):
            for byte in data:
                if depth == 0 and byte in b" \t\r\n":
                    continue
                if depth == 0 and byte != ord("{") or len(text) == LIMIT:
                    raise ValueError(f"no request begins with {chr(byte)!r}, or it is longer than {LIMIT} bytes")
                text.append(byte)
                if quoted:
                    quoted = escaped or byte != ord('"')
                    escaped = not escaped and byte == ord("\\")
                elif byte == ord('"'):
                    quoted = True
                elif byte in b"{}":
                    depth += 1 if byte == ord("{") else -1
                    if depth == 0:
                        yield json.loads(text)
                        text.clear()
        if text:
            raise EOFError("a request is cut")

    def respond(self, request_id, output, exit_code=0, was_cancelled=False):
        answer = {"exitCode": exit_code, "output": output, "requestId": request_id, "wasCancelled": was_cancelled}
        self.sink.write(json.dumps(answer).encode())  # nothing after it: an object shows where it ends
        self.sink.flush()


def serve(protocol):
    lock, running = threading.Lock(), {}

    def work(arguments, request_id, cancelled):
        exit_code = 0
        try:
            output = " ".join(arguments).upper()
            if arguments[:1] == ["sleep"]:
                cancelled.wait()
        except TypeError as failed:  # this request fails, and the worker lives
            exit_code, output = 1, str(failed)
        with lock:  # one response at a time, and one for each request
            running.pop(request_id, None)
            if cancelled.is_set():
                protocol.respond(request_id, "", was_cancelled=True)
            else:
                protocol.respond(request_id, output, exit_code)

    for request in protocol.requests():
        request_id = request.get("requestId", 0)
        if request.get("cancel", False):
            with lock:
                if request_id in running:  # otherwise its response has gone already, and is the only one
                    running[request_id].set()
            continue
        cancelled = threading.Event()
        with lock:
            running[request_id] = cancelled
        job = threading.Thread(target=work, args=(request.get("arguments", []), request_id, cancelled), daemon=True)
        job.start()
        if request_id == 0:  # the parent sends one after the other
            job.join()


if "--persistent_worker" not in sys.argv:
    sys.exit("bazel_worker.py: only a persistent worker, which Bazel starts with --persistent_worker")
form = Json if "--worker_protocol=json" in sys.argv else Protobuf
serve(form(sys.stdin.buffer, sys.stdout.buffer))
