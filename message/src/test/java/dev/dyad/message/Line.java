package dev.dyad.message;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Endpoint;
import dev.dyad.socket.Pipe;
import dev.dyad.socket.PipeEnd;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;

/// Two ends of which one is a channel, and the other is one too or moves bytes.
///
/// @param channel the channel
/// @param ends what it waits in
/// @param in where its bytes come out
/// @param out where its bytes come from
/// @param otherEnds the other ends
@NullUnmarked // what is not there fails the test
record Line(
        MessageChannel channel,
        List<Endpoint> ends,
        ReadableByteChannel in,
        WritableByteChannel out,
        List<Endpoint> otherEnds)
        implements Closeable {

    /// What makes one.
    interface Opener {
        Line open(Wire wire) throws IOException;
    }

    static Line ofSockets(Wire wire) throws IOException {
        return of(SocketPair.stream(), wire);
    }

    static Line of(SocketPair<StreamSocket> pair, Wire wire) {
        return new Line(
                MessageChannel.over(pair.left(), wire),
                List.of(pair.left()),
                pair.right(),
                pair.right(),
                List.of(pair.right()));
    }

    static Line ofPipes(Wire wire) throws IOException {
        Pipe there = Pipe.open();
        Pipe back = Pipe.open();
        return new Line(
                MessageChannel.over(back.source(), there.sink(), wire),
                List.of(back.source(), there.sink()),
                there.source(),
                back.sink(),
                List.of(there.source(), back.sink()));
    }

    /// Makes a channel of the other side as well.
    MessageChannel other(Wire wire) {
        return in instanceof StreamSocket end
                ? MessageChannel.over(end, wire)
                : MessageChannel.over((PipeEnd) in, (PipeEnd) out, wire);
    }

    /// Returns how many threads wait in the channel's ends.
    int waiters() {
        return ends.stream().mapToInt(Endpoint::waiters).sum();
    }

    /// Returns bytes that came out of the channel.
    byte[] read(int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (in.read(bytes) < 0) {
                throw new AssertionError("the end came after " + bytes.position() + " of " + count + " bytes");
            }
        }
        return bytes.array();
    }

    void write(byte... bytes) throws IOException {
        out.write(ByteBuffer.wrap(bytes));
    }

    /// Lets the channel find the end.
    void end() throws IOException {
        if (out instanceof StreamSocket end) {
            end.shutdownOutput();
        } else {
            out.close();
        }
    }

    static Deadline soon() {
        return Deadline.after(Duration.ofMillis(30));
    }

    static Deadline now() {
        return Deadline.after(Duration.ZERO);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        for (Channel end : otherEnds) {
            end.close();
        }
    }
}
