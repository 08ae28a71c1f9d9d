import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.process.Child;
import dev.dyad.process.Inherited;
import dev.dyad.process.JavaCommand;
import dev.dyad.socket.StreamSocket;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;

/// A parent and a child process: the manual page's second example, as Java says it.
///
///     java @examples/options examples/SocketPairIpcExample.java
public final class SocketPairIpcExample {

    private static final String PARENT_MESSAGE = "我是父級進程";
    private static final String CHILD_MESSAGE = "我是子進程";

    /// Writes UTF-8, whatever the locale.
    private static final PrintStream OUT = new PrintStream(System.out, true, UTF_8);

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            parent();
        } else {
            child();
        }
    }

    private static void parent() throws Exception {
        try (Child child = JavaCommand.of(SocketPairIpcExample.class, "child").spawn()) {
            child.socket().write(UTF_8.encode(PARENT_MESSAGE));
            OUT.println("父進程收到子進程信息: " + read(child.socket(), CHILD_MESSAGE.length()));
            child.waitFor();
        }
    }

    private static void child() throws IOException {
        try (StreamSocket parent = Inherited.socket()) {
            parent.write(UTF_8.encode(CHILD_MESSAGE));
            OUT.println("子進程收到父進程信息: " + read(parent, PARENT_MESSAGE.length()));
        }
    }

    /// Reads a message of so many of these characters, which have three bytes each; a stream may bring it in pieces.
    private static String read(StreamSocket socket, int characters) throws IOException {
        var message = ByteBuffer.allocate(3 * characters);
        while (message.hasRemaining()) {
            if (socket.read(message) < 0) {
                throw new EOFException("the other process is gone");
            }
        }
        return UTF_8.decode(message.flip()).toString();
    }
}
