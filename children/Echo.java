import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// A child of a Dyad parent that needs no Dyad and no native access, where the parent gives it descriptor 0, by
/// `Command.of("java", "Echo.java").fd(0)`: says back what it hears, until the parent has no more to say.
///
/// To close this channel would put the null device in the place of descriptors 0, 1 and 2: what is printed
/// afterwards, to stdout or stderr, is lost without an error. So it stays open, and ends with the process.
public final class Echo {

    public static void main(String[] arguments) throws Exception {
        if (!(System.inheritedChannel() instanceof SocketChannel parent)) {
            throw new IllegalStateException("descriptor 0 is not an end: the parent says Command.fd(0)");
        }
        var piece = ByteBuffer.allocateDirect(65536);
        while (parent.read(piece) >= 0) {
            piece.flip();
            while (piece.hasRemaining()) {
                parent.write(piece);
            }
            piece.clear();
        }
    }
}
