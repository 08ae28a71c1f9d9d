package dev.dyad.php;

import dev.dyad.php.socket.PhpSocket;
import org.jspecify.annotations.Nullable;

/// PHP's `Socket`: a socket of any domain and type, and its own error slot.
///
/// May be shared by threads. [Sockets#socket_close] closes it; one that nobody holds any more is closed too,
/// as in PHP, but only when the garbage collector notices.
///
/// {@snippet file="dev/dyad/php/examples/SocketsExamplesTest.java" region="socket"}
public final class Socket implements AutoCloseable {

    final PhpSocket php;

    Socket(PhpSocket php) {
        this.php = php;
    }

    /// Returns what a program is given for a socket that a function made, or for none.
    static @Nullable Socket of(@Nullable PhpSocket php) {
        return php == null ? null : new Socket(php);
    }

    /// Returns what PHP keeps of a socket. Null goes to where it is refused, with PHP's words.
    @SuppressWarnings("NullAway")
    static PhpSocket php(Socket socket) {
        return socket == null ? null : socket.php;
    }

    /// Closes this socket; does nothing if it is closed. What `close(2)` complains of is lost, as in PHP.
    @Override
    public void close() {
        php.close();
    }

    /// Closes this socket, and complains where its stream has closed it: of no more classes than are here,
    /// since no descriptor may be left to load one.
    void closeOnce() {
        boolean isDead = php.isDead();
        close();
        if (isDead) {
            throw new TypeError("socket_close(): supplied resource is not a valid stream resource");
        }
    }
}
