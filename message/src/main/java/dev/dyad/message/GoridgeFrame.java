package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.message.Requests.Payload;
import java.nio.ByteBuffer;

/// A frame of goridge's: its head, its context and its body.
///
/// @param isSignOfLife whether it is a ping or a pong, and nothing else
/// @param body the context, and the body behind it
/// @param context how long the context is
record GoridgeFrame(byte flags, byte streamBits, boolean isSignOfLife, ByteBuffer body, int context) {

    private static final int LONGEST_HEAD = 64;

    /// Takes a frame apart.
    ///
    /// @param whole the frame with its head, of which the wire has taken the version, the length and the checksum
    static GoridgeFrame of(ByteBuffer whole) throws WireException {
        int size = GoridgeWire.INSTANCE.headSize(whole);
        ByteBuffer body = whole.slice(whole.position() + size, whole.remaining() - size);
        int context = size == GoridgeWire.OPTIONS ? 0 : GoridgeWire.littleEndian(whole, GoridgeWire.OPTIONS);
        if (context < 0 || context > body.remaining()) {
            throw new WireException(
                    "a context of " + Integer.toUnsignedLong(context) + " bytes in a frame of " + body.remaining(),
                    GoridgeWire.OPTIONS);
        }
        byte flags = whole.get(whole.position() + GoridgeWire.FLAGS);
        byte streamBits = whole.get(whole.position() + GoridgeWire.STREAM_BITS);
        boolean isSignOfLife = size + body.remaining() == GoridgeWire.OPTIONS && isSignOfLife(streamBits);
        return new GoridgeFrame(flags, streamBits, isSignOfLife, body, context);
    }

    /// Returns whether bits are those of a ping or a pong. RoadRunner's library sets that of a ping in a part of an
    /// answer, so that only a frame with nothing else in it is no more than that.
    private static boolean isSignOfLife(byte streamBits) {
        return (streamBits & GoridgeWire.STREAM) == 0 && (streamBits & (GoridgeWire.PING | GoridgeWire.PONG)) != 0;
    }

    /// Returns whether more of the same answer follows a frame that begins so.
    static boolean goesOn(byte[] head) {
        byte streamBits = head[GoridgeWire.STREAM_BITS];
        return (streamBits & GoridgeWire.STREAM) != 0 || (isSignOfLife(streamBits) && GoridgeWire.isHeadOnly(head));
    }

    /// Requires that a frame that begins so may be an answer, or a part of one.
    static void requireAnswer(byte[] head) throws WireException {
        byte flags = head[GoridgeWire.FLAGS];
        if ((flags & GoridgeWire.ERROR) != 0) {
            return;
        }
        if ((flags & GoridgeWire.CONTROL) != 0) {
            throw new WireException("a frame about the worker in place of an answer", GoridgeWire.FLAGS);
        }
        if ((head[GoridgeWire.STREAM_BITS] & GoridgeWire.STOP) != 0) {
            throw new WireException(
                    "a frame that stops parts, which only their receiver sends", GoridgeWire.STREAM_BITS);
        }
    }

    static ByteBuffer request(Payload payload) {
        int context = payload.context().remaining();
        int length = Math.addExact(context, payload.body().remaining());
        ByteBuffer frame = ByteBuffer.allocate(Math.addExact(LONGEST_HEAD, length));
        GoridgeWire.writeHead(GoridgeWire.RAW, (byte) 0, context, length, frame);
        return frame.put(payload.context().duplicate())
                .put(payload.body().duplicate())
                .flip();
    }

    static ByteBuffer control(String json) {
        ByteBuffer body = UTF_8.encode(json);
        ByteBuffer frame = ByteBuffer.allocate(LONGEST_HEAD + body.remaining());
        byte flags = GoridgeWire.CONTROL | GoridgeWire.JSON;
        GoridgeWire.writeHead(flags, (byte) 0, -1, body.remaining(), frame);
        return frame.put(body).flip();
    }

    static ByteBuffer stop() {
        return empty((byte) (GoridgeWire.STREAM | GoridgeWire.STOP));
    }

    static ByteBuffer pong() {
        return empty(GoridgeWire.PONG);
    }

    private static ByteBuffer empty(byte streamBits) {
        ByteBuffer frame = ByteBuffer.allocate(LONGEST_HEAD);
        GoridgeWire.writeHead((byte) 0, streamBits, -1, 0, frame);
        return frame.flip();
    }

    boolean isControl() {
        return (flags & GoridgeWire.CONTROL) != 0;
    }

    boolean isError() {
        return (flags & GoridgeWire.ERROR) != 0;
    }

    /// Returns whether more parts of the same answer follow.
    boolean isPart() {
        return (streamBits & GoridgeWire.STREAM) != 0;
    }

    boolean isPing() {
        return (streamBits & GoridgeWire.PING) != 0;
    }

    String text() {
        return UTF_8.decode(body.duplicate()).toString();
    }

    Payload payload() {
        return new Payload(
                context == 0 ? Payload.NOTHING : body.slice(0, context),
                body.slice(context, body.remaining() - context));
    }
}
