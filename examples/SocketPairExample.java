import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.socket.SocketPair;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Two ends in one process: the manual page's first example, as Java says it.
///
///     java @examples/options examples/SocketPairExample.java
public final class SocketPairExample {

    public static void main(String[] arguments) throws IOException {
        try (var pair = SocketPair.stream()) {
            pair.left().write(UTF_8.encode("ABCdef123\n"));

            var buffer = ByteBuffer.allocate(10);
            int n = pair.right().read(buffer);

            System.out.print(n + " bytes: " + UTF_8.decode(buffer.flip()));
        }
    }
}
