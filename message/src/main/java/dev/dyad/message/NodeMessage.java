package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.socket.Descriptor;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A message that has come from Node: JSON, and perhaps a handle, which it owns until that is taken.
///
/// One thread at a time may use it.
///
/// {@snippet file="dev/dyad/message/examples/NodeExamplesTest.java" region="message"}
public final class NodeMessage implements AutoCloseable {

    private final ByteBuffer json;
    private final @Nullable NodeHandle kind;
    private @Nullable Descriptor handle;

    NodeMessage(ByteBuffer json) {
        this(json, null, null);
    }

    NodeMessage(ByteBuffer json, @Nullable NodeHandle kind, @Nullable Descriptor handle) {
        this.json = json;
        this.kind = kind;
        this.handle = handle;
    }

    /// Returns the message, which is one JSON value.
    ///
    /// @return its text, such as `{"id":1}`
    public String json() {
        return UTF_8.decode(json.duplicate()).toString();
    }

    /// Returns the bytes of [#json], for a parser that takes bytes.
    ///
    /// @return the bytes in UTF-8, from the position to the limit
    public ByteBuffer bytes() {
        return json.duplicate();
    }

    /// Returns what came along.
    ///
    /// @return the kind of the handle, also after it was taken; empty where none came
    public Optional<NodeHandle> kind() {
        return Optional.ofNullable(kind);
    }

    /// Takes the handle, which belongs to the caller from now on.
    ///
    /// @return a descriptor, which [Descriptor#toStreamSocket] or [Descriptor#toListener] makes an end of
    /// @throws IllegalStateException if none came, or it was taken before
    public Descriptor takeHandle() {
        Descriptor taken = handle;
        if (taken == null) {
            throw new IllegalStateException(kind == null ? "no handle came with it" : "its handle was taken before");
        }
        handle = null;
        return taken;
    }

    /// Closes the handle if it was not taken.
    @Override
    public void close() {
        Descriptor left = handle;
        handle = null;
        if (left != null) {
            left.close();
        }
    }

    @Override
    public String toString() {
        return "NodeMessage[" + json.remaining() + " bytes" + (kind == null ? "]" : ", " + kind.nodeName() + "]");
    }
}
