package dev.dyad.socket;

import static dev.dyad.socket.When.BEFORE;
import static dev.dyad.socket.When.MEANWHILE;
import static dev.dyad.socket.When.TOO_LATE;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;

/// What moves the bytes of a stream.
final class StreamOperations {

    private StreamOperations() {}

    static Stream<Operation> all() {
        return Stream.of(
                        reading(),
                        writing(),
                        waiting().stream(),
                        waiting().stream().map(Operation::onVirtualThread))
                .flatMap(some -> some);
    }

    private static Stream<Operation> reading() {
        return Stream.of(
                Operation.of(
                        "read into a direct buffer",
                        "StreamSocket.read(ByteBuffer)",
                        () -> new Reading(ByteBuffer::allocateDirect, BEFORE, (end, targets) -> end.read(targets[0]))),
                Operation.of(
                        "read into an array",
                        "StreamSocket.read(ByteBuffer,Deadline)",
                        () -> new Reading(
                                ByteBuffer::allocate, BEFORE, (end, targets) -> end.read(targets[1], Stage.soon()))),
                Operation.of(
                        "read into direct buffers",
                        "StreamSocket.read(ByteBuffer[]) StreamSocket.read(ByteBuffer[],int,int)",
                        () -> new Reading(ByteBuffer::allocateDirect, BEFORE, StreamSocket::read)),
                Operation.of(
                        "read into arrays",
                        "StreamSocket.read(ByteBuffer[],int,int,Deadline)",
                        () -> new Reading(
                                ByteBuffer::allocate, BEFORE, (end, targets) -> end.read(targets, 0, 2, Stage.soon()))),
                Operation.of(
                        "look at what is there",
                        "StreamSocket.peek(ByteBuffer,Deadline)",
                        () -> new Reading(
                                ByteBuffer::allocate,
                                BEFORE,
                                (end, _) -> end.peek(ByteBuffer.allocate(100), Stage.soon()))),
                Operation.of(
                        "try to look at what is there",
                        "StreamSocket.tryPeek(ByteBuffer)",
                        () -> new Reading(
                                ByteBuffer::allocate, BEFORE, (end, _) -> end.tryPeek(ByteBuffer.allocateDirect(100)))),
                Operation.of(
                        "try to read",
                        "StreamSocket.tryRead(ByteBuffer)",
                        () -> new Reading(ByteBuffer::allocate, BEFORE, (end, targets) -> end.tryRead(targets[0]))),
                Operation.of(
                        "try to read what is not there",
                        "",
                        () -> new Reading(
                                ByteBuffer::allocateDirect, TOO_LATE, (end, targets) -> end.tryRead(targets[0]))));
    }

    private static Stream<Operation> writing() {
        return Stream.of(
                Operation.of(
                        "write a direct buffer",
                        "StreamSocket.write(ByteBuffer)",
                        () -> new Writing(ByteBuffer::allocateDirect, BEFORE, (end, sources) -> end.write(sources[0]))),
                Operation.of(
                        "write an array",
                        "StreamSocket.write(ByteBuffer,Deadline)",
                        () -> new Writing(
                                ByteBuffer::allocate, BEFORE, (end, sources) -> end.write(sources[0], Stage.soon()))),
                Operation.of(
                        "write direct buffers",
                        "StreamSocket.write(ByteBuffer[]) StreamSocket.write(ByteBuffer[],int,int)",
                        () -> new Writing(ByteBuffer::allocateDirect, BEFORE, StreamSocket::write)),
                Operation.of(
                        "write arrays",
                        "StreamSocket.write(ByteBuffer[],int,int,Deadline)",
                        () -> new Writing(
                                ByteBuffer::allocate,
                                BEFORE,
                                (end, sources) -> end.write(sources, 0, 2, Stage.soon()))),
                Operation.of(
                        "try to write",
                        "StreamSocket.tryWrite(ByteBuffer)",
                        () -> new Writing(ByteBuffer::allocate, BEFORE, (end, sources) -> end.tryWrite(sources[0]))),
                Operation.of(
                        "try to write without room",
                        "",
                        () -> new Writing(
                                ByteBuffer::allocateDirect, TOO_LATE, (end, sources) -> end.tryWrite(sources[0]))));
    }

    private static List<Operation> waiting() {
        return List.of(
                Operation.of(
                        "wait to read",
                        "",
                        () -> new Reading(ByteBuffer::allocate, MEANWHILE, (end, targets) -> end.read(targets[0]))),
                Operation.of(
                        "wait to read until a deadline",
                        "",
                        () -> new Reading(
                                ByteBuffer::allocateDirect,
                                MEANWHILE,
                                (end, targets) -> end.read(targets, 0, 2, Stage.soon()))),
                Operation.inVain(
                        "wait to read too long",
                        "",
                        () -> new Reading(
                                ByteBuffer::allocate,
                                TOO_LATE,
                                (end, targets) -> Stage.late(() -> end.read(targets[0], Stage.shortly())))),
                Operation.of(
                        "wait to write",
                        "",
                        () -> new Writing(ByteBuffer::allocateDirect, MEANWHILE, (end, s) -> end.write(s[0]))),
                Operation.of(
                        "wait to write until a deadline",
                        "",
                        () -> new Writing(
                                ByteBuffer::allocate,
                                MEANWHILE,
                                (end, sources) -> end.write(sources, 0, 2, Stage.soon()))),
                Operation.inVain(
                        "wait to write too long",
                        "",
                        () -> new Writing(
                                ByteBuffer::allocate,
                                TOO_LATE,
                                (end, sources) -> Stage.late(() -> end.write(sources[0], Stage.shortly())))));
    }
}
