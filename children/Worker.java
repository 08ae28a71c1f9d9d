import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Locale;

/// A worker of a Dyad parent that needs no Dyad and no native access, where the parent gives it descriptor 0, by
/// `Command.of("java", "Worker.java").fd(0)`: answers each message with its text in upper case, until the parent has
/// no more to ask. A message is its length in four bytes, big-endian, and so many bytes.
///
/// The channel stays open until the process ends: see `Echo.java`.
public final class Worker {

    public static void main(String[] arguments) throws IOException {
        if (!(System.inheritedChannel() instanceof SocketChannel parent)) {
            throw new IllegalStateException("descriptor 0 is not an end: the parent says Command.fd(0)");
        }
        var in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(parent)));
        var out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(parent)));
        for (int highest = in.read(); highest >= 0; highest = in.read()) {
            int length = highest << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
            if (length < 0) {
                throw new IOException("a message of 2 GiB or more");
            }
            var request = new byte[length];
            in.readFully(request); // an EOFException where the message is cut
            byte[] answer = new String(request, UTF_8).toUpperCase(Locale.ROOT).getBytes(UTF_8);
            out.writeInt(answer.length);
            out.write(answer);
            out.flush();
        }
    }
}
